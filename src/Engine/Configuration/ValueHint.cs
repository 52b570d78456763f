using System.Globalization;
using System.Text.RegularExpressions;

namespace MedSeg.Engine.Configuration;

/// <summary>What to write instead of a text where a number or a truth value belongs; starts with a space, or is empty.</summary>
internal static partial class ValueHint
{
    /// <summary>For a key of a section.</summary>
    public static string Of(object? found, ValueShape shape) => shape switch
    {
        ValueShape.Integer or ValueShape.Number or ValueShape.IntegerList or ValueShape.NumberList or ValueShape.NumberMap => ForNumber(found),
        ValueShape.Boolean => ForBoolean(found),
        ValueShape.Component when found is string { Length: > 0 and < 40 } name => $" Write {{\"name\": \"{name}\"}}.",
        ValueShape.Steps or ValueShape.Transforms when found is object?[] => " Write the names as keys: without [ ], and in YAML without dashes.",
        _ => "",
    };

    /// <summary>For a parameter of a component; of a list the first text counts.</summary>
    public static string Of(object? found, ParameterKind kind) => kind switch
    {
        ParameterKind.Boolean => ForBoolean(found),
        ParameterKind.Text or ParameterKind.TextList or ParameterKind.Any => "",
        _ => ForNumber(found is object?[] list ? list.OfType<string>().FirstOrDefault() : found),
    };

    private static string ForNumber(object? found) => found switch
    {
        string text when Number().IsMatch(text) => $" Write {text.Trim()} without quotes.",
        string text when DecimalComma().IsMatch(text) => $" Write {text.Trim().Replace(',', '.')} with a point.",
        _ => "",
    };

    private static string ForBoolean(object? found) => (found as string)?.Trim().ToLower(CultureInfo.InvariantCulture) switch
    {
        "true" or "yes" or "on" or "y" or "1" => " Write true without quotes.",
        "false" or "no" or "off" or "n" or "0" => " Write false without quotes.",
        _ => found switch
        {
            1L => " Write true.",
            0L => " Write false.",
            _ => "",
        },
    };

    [GeneratedRegex(@"^\s*[-+]?[0-9]{1,15}(\.[0-9]{1,15})?\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"^\s*[-+]?[0-9]{1,15},[0-9]{1,15}\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalComma();
}
