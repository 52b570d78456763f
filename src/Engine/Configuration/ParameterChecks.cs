namespace MedSeg.Engine.Configuration;

/// <summary>Checks one parameter's plain value against its specification.</summary>
internal static class ParameterChecks
{
    /// <summary>What is wrong, or null.</summary>
    public static (string ErrorId, string Message)? Check(ParameterSpec spec, object? value)
    {
        if (spec.ParametersOf is not null)
        {
            return value is null or object?[] ? null : ("ConfigWrongType", $"found {Found(value)}; allowed: {Describe.Allowed(spec)}.");
        }

        if (spec.Kind == ParameterKind.Any || (value is null && !spec.Required && spec.Default is null))
        {
            return null;
        }

        string? errorId = spec.Kind switch
        {
            ParameterKind.Number => Number(spec, value),
            ParameterKind.Integer => Integer(spec, value),
            ParameterKind.Boolean => value is bool ? null : "ConfigWrongType",
            ParameterKind.Text => Text(spec, value),
            ParameterKind.NumberList => List(spec, value, Number),
            ParameterKind.IntegerList => List(spec, value, Integer),
            ParameterKind.TextList => value is string ? Text(spec, value) : List(spec, value, Text),
            _ => value is object?[] ? List(spec, value, Number) : Number(spec, value),
        };
        return errorId is null ? null : (errorId, $"found {Found(value)}; allowed: {Describe.Allowed(spec)}.{ValueHint.Of(value, spec.Kind)}");
    }

    private static string? Number(ParameterSpec spec, object? value) => value switch
    {
        long or int or double or float => Range(spec, System.Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
        _ => "ConfigWrongType",
    };

    private static string? Integer(ParameterSpec spec, object? value) => value switch
    {
        long or int => Range(spec, System.Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)),
        double d when d == Math.Floor(d) => Range(spec, d),
        _ => "ConfigWrongType",
    };

    private static string? Range(ParameterSpec spec, double number) =>
        double.IsFinite(number) && number >= spec.Minimum && number <= spec.Maximum ? null : "ConfigOutOfRange";

    private static string? Text(ParameterSpec spec, object? value) => value switch
    {
        string text => spec.Choices is null || spec.Choices.Contains(text, StringComparer.Ordinal) ? null : "ConfigNotAllowed",
        _ => "ConfigWrongType",
    };

    private static string? List(ParameterSpec spec, object? value, Func<ParameterSpec, object?, string?> check)
    {
        if (value is not System.Collections.IList items || items.Count < spec.MinimumCount || items.Count > spec.MaximumCount)
        {
            return "ConfigWrongType";
        }

        return items.Cast<object?>().Select(item => check(spec, item)).FirstOrDefault(fault => fault is not null);
    }

    private static string Found(object? value) => value is object?[] { Length: > 0 and <= 6 } items
        ? $"[{string.Join(", ", items.Select(i => Describe.Value(i).Replace("number ", "", StringComparison.Ordinal)))}]"
        : Describe.Value(value);
}
