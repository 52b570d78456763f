using System.Globalization;

namespace MedSeg.Engine.Configuration;

/// <summary>Words for values and for what is allowed, for messages.</summary>
internal static class Describe
{
    private const int LongestText = 60;

    /// <summary>What was found: <c>text "abc"</c>, <c>number 3.5</c>, <c>a list of 2</c>…</summary>
    public static string Value(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => $"text \"{Shorten(text)}\"",
        int or long or double or float => $"number {Number(System.Convert.ToDouble(value, CultureInfo.InvariantCulture))}",
        System.Collections.IDictionary => "an object",
        System.Collections.ICollection list => $"a list of {list.Count}",
        _ => value.GetType().Name,
    };

    /// <summary>What a component's parameter takes.</summary>
    public static string Allowed(ParameterSpec spec)
    {
        string range = Range(spec.Minimum, spec.Maximum, exclusiveMinimum: false);
        string count = Count(spec.MinimumCount, spec.MaximumCount);
        string words = spec.Choices is null ? "text" : OneOf(spec.Choices);
        return spec.Kind switch
        {
            ParameterKind.Number => "a number" + range,
            ParameterKind.Integer => "a whole number" + range,
            ParameterKind.Boolean => "true or false",
            ParameterKind.Text => words,
            ParameterKind.NumberList => $"a list of {count}numbers{range}",
            ParameterKind.IntegerList => $"a list of {count}whole numbers{range}",
            ParameterKind.TextList => spec.Choices is null ? $"a list of {count}texts" : $"a list of {words}",
            ParameterKind.NumberOrList => $"a number or a list of {count}numbers{range}",
            _ when spec.ParametersOf is { } list => $"a list of objects of parameters or null, one for each of {list}",
            _ => "any value",
        };
    }

    /// <summary><c> from 0 to 1</c>, <c> of at least 0</c>, <c> above 0</c>… or nothing.</summary>
    public static string Range(double minimum, double maximum, bool exclusiveMinimum)
    {
        bool low = !double.IsNegativeInfinity(minimum);
        bool high = !double.IsPositiveInfinity(maximum) && maximum < int.MaxValue;
        string from = exclusiveMinimum ? $" above {Number(minimum)}" : high ? $" from {Number(minimum)}" : $" of at least {Number(minimum)}";
        return (low, high) switch
        {
            (true, true) => exclusiveMinimum ? $"{from} and at most {Number(maximum)}" : $"{from} to {Number(maximum)}",
            (true, false) => from,
            (false, true) => $" of at most {Number(maximum)}",
            _ => "",
        };
    }

    public static string OneOf(IEnumerable<string> words) => string.Join(", ", words);

    /// <summary>Names of components, those that work before those to come.</summary>
    public static string Components(IEnumerable<ComponentSpec> specs) =>
        OneOf(specs.OrderByDescending(s => s.Supported).Select(s => s.Supported ? s.Name : s.Name + " (not yet)"));

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Count(int minimum, int maximum) => (minimum, maximum) switch
    {
        (0, int.MaxValue) => "",
        (_, int.MaxValue) => $"at least {minimum} ",
        _ when minimum == maximum => $"{minimum} ",
        (0, _) => $"at most {maximum} ",
        _ => $"{minimum} to {maximum} ",
    };

    /// <summary>The first control character of a text, by its name.</summary>
    public static string Control(string text) => text.First(char.IsControl) switch
    {
        '\t' => "a tab",
        '\n' or '\r' => "a line end",
        '\b' => "a backspace",
        '\f' => "a form feed",
        var other => string.Create(CultureInfo.InvariantCulture, $"the character U+{(int)other:X4}"),
    };

    private static string Shorten(string text)
    {
        string line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= LongestText ? line : line[..LongestText] + "…";
    }
}
