using System.Globalization;
using System.Management.Automation;
using MedSeg.Cmdlets.Configuration;

namespace MedSeg.Cmdlets.Inference;

/// <summary>Turns what is given with -Metadata into texts.</summary>
internal static class MetadataTexts
{
    /// <summary>Names and values; one value alone has an empty name, several numbers have commas between. Null for nothing.</summary>
    public static Dictionary<string, string>? Of(PSObject? given) => given is null ? null : PlainValues.Of(given) switch
    {
        IDictionary<string, object?> several => several.ToDictionary(pair => pair.Key, pair => Text(pair.Value), StringComparer.OrdinalIgnoreCase),
        var one => new Dictionary<string, string> { [""] = Text(one) },
    };

    private static string Text(object? value) => value is object?[] list
        ? string.Join(',', list.Select(Text))
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
