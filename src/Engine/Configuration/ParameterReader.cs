using System.Globalization;

namespace MedSeg.Engine.Configuration;

/// <summary>Typed access to a component's parameters, with the defaults of its <see cref="ComponentSpec"/>.</summary>
public static class ParameterReader
{
    /// <summary>
    /// The parameter's value, or its default where the configuration does not give it. T is bool, int, long, double, string,
    /// their nullable forms, or an array of int, double or string; a single value becomes an array of one.
    /// </summary>
    /// <exception cref="SegException">The value is not of the wanted type (<c>ConfigWrongType</c>).</exception>
    public static T Get<T>(ComponentConfig c, ComponentSpec spec, string name)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(spec);
        ParameterSpec parameter = spec.Parameters.FirstOrDefault(p => p.Name == name)
            ?? throw new ArgumentException($"{spec.Name} has no parameter {name}.", nameof(name));
        object? value = c.Parameters.TryGetValue(name, out object? given) ? given : parameter.Default;
        try
        {
            return (T)Convert(value, typeof(T))!;
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException or NullReferenceException)
        {
            throw new SegException(
                "ConfigWrongType",
                SegErrorKind.InvalidArgument,
                $"{spec.Name}.{name}: found {Describe.Value(value)}; allowed: {Describe.Allowed(parameter)}.",
                $"Correct {name} of {spec.Name}.",
                name,
                e);
        }
    }

    private static object? Convert(object? value, Type type)
    {
        if (type == typeof(object))
        {
            return value;
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return value is null ? null : Convert(value, inner);
        }

        if (type.IsArray)
        {
            return ConvertArray(value, type.GetElementType()!);
        }

        return type == typeof(string) ? (string?)value : ConvertScalar(value, type);
    }

    private static object ConvertScalar(object? value, Type type) => value switch
    {
        bool flag when type == typeof(bool) => flag,
        int or long when type != typeof(bool) => System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture),
        float or double when type == typeof(double) || type == typeof(float) =>
            System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture),
        double d when d == Math.Floor(d) && type != typeof(bool) =>
            System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture),
        _ => throw new InvalidCastException(),
    };

    private static Array? ConvertArray(object? value, Type element)
    {
        if (value is null)
        {
            return null;
        }

        System.Collections.IList items = value is System.Collections.IList list ? list : new[] { value };
        var result = Array.CreateInstance(element, items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            result.SetValue(Convert(items[i], element), i);
        }

        return result;
    }
}
