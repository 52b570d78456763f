using System.Collections;
using System.Globalization;

namespace MedSeg;

/// <summary>Names with values, by ordinal comparison. A hashtable can be assigned to it: <c>$loss.Parameters = @{ gamma = 3 }</c>.</summary>
/// <typeparam name="T">double, string or object.</typeparam>
public sealed class SegMap<T> : Dictionary<string, T>
{
    public SegMap()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>Copies a hashtable or dictionary; values are converted independently of the culture.</summary>
    /// <exception cref="FormatException">A value is not of type T and cannot become it.</exception>
    public SegMap(IDictionary values)
        : base(StringComparer.Ordinal)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (DictionaryEntry pair in values)
        {
            this[Text(pair.Key)] = ValueOf(pair.Value);
        }
    }

    private static T ValueOf(object? value) => value is T fits ? fits
        : value is null || typeof(T) == typeof(object) ? (T)value!
        : (T)Convert.ChangeType(value as IConvertible ?? Text(value), typeof(T), CultureInfo.InvariantCulture);

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
