using System.Collections;
using System.Globalization;

namespace MedSeg.Engine.Configuration;

/// <summary>Where something stands in a file, from 1; (0, 0) for values that come from no file.</summary>
internal readonly record struct ConfigPosition(int Line, int Column);

/// <summary>A value of a configuration document, JSON and YAML alike, with its place. Immutable.</summary>
internal abstract record ConfigNode(ConfigPosition At)
{
    /// <summary>string, bool, long, double, null, object?[] or a dictionary.</summary>
    public abstract object? ToPlain();

    /// <summary>The node of a plain value: numbers, text, bool, null, dictionaries, lists; anything else is refused.</summary>
    /// <exception cref="InvalidCastException">The value is of another type, or nested too deeply.</exception>
    public static ConfigNode FromPlain(object? value, ConfigPosition at = default, int depth = 0) => value switch
    {
        _ when depth > DocumentLimits.Depth => throw new InvalidCastException("The value is nested too deeply."),
        null or bool or string => new ConfigScalar(at, value),
        char c => new ConfigScalar(at, c.ToString()),
        sbyte or byte or short or ushort or int or uint or long =>
            new ConfigScalar(at, System.Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        float or double or decimal or ulong =>
            new ConfigScalar(at, System.Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IDictionary map => new ConfigMap(at, [.. Pairs(map).Select(e => Entry(e.Key, e.Value, at, depth + 1))]),
        IEnumerable list => new ConfigList(at, [.. list.Cast<object?>().Select(item => FromPlain(item, at, depth + 1))]),
        _ => throw new InvalidCastException($"{value.GetType().Name} is not a configuration value."),
    };

    private static IEnumerable<DictionaryEntry> Pairs(IDictionary map)
    {
        IDictionaryEnumerator pairs = map.GetEnumerator();
        while (pairs.MoveNext())
        {
            yield return pairs.Entry;
        }
    }

    private static ConfigEntry Entry(object key, object? value, ConfigPosition at, int depth) =>
        new(System.Convert.ToString(key, CultureInfo.InvariantCulture) ?? "", at, FromPlain(value, at, depth));
}

/// <summary>null, bool, long, double or string.</summary>
internal sealed record ConfigScalar(ConfigPosition At, object? Value) : ConfigNode(At)
{
    public override object? ToPlain() => Value;
}

internal sealed record ConfigList(ConfigPosition At, IReadOnlyList<ConfigNode> Items) : ConfigNode(At)
{
    public override object? ToPlain() => Items.Select(i => i.ToPlain()).ToArray();
}

/// <summary>Keys in file order. A key occurs once: readers report the second.</summary>
internal sealed record ConfigMap(ConfigPosition At, IReadOnlyList<ConfigEntry> Entries) : ConfigNode(At)
{
    public ConfigEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key == key);

    public override object? ToPlain()
    {
        var result = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (ConfigEntry entry in Entries)
        {
            result[entry.Key] = entry.Value.ToPlain();
        }

        return result;
    }

    /// <summary>This map with an entry replaced in its place, or added at the end.</summary>
    public ConfigMap With(ConfigEntry entry) => Find(entry.Key) is null
        ? this with { Entries = [.. Entries, entry] }
        : this with { Entries = [.. Entries.Select(e => e.Key == entry.Key ? entry : e)] };

    /// <summary>This map without a key.</summary>
    public ConfigMap Without(string key) => this with { Entries = [.. Entries.Where(e => e.Key != key)] };
}

/// <summary>A key with its own place and its value.</summary>
internal sealed record ConfigEntry(string Key, ConfigPosition At, ConfigNode Value);
