using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MedSeg.Engine.Bids;

/// <summary>
/// The rows of one image laid over each other, looked up on demand: thousands of images share a participant's row of a thousand columns
/// without copying it. Of equal columns the last layer with a value wins; a column of several tables is there once more per table as
/// <c>table.column</c>.
/// </summary>
/// <remarks>Public, because PowerShell does not index objects of hidden types.</remarks>
public sealed class ColumnDictionary : IReadOnlyDictionary<string, string?>
{
    private readonly (string Table, IReadOnlyDictionary<string, string?> Row)[] _layers;
    private readonly IReadOnlySet<string> _shared;

    /// <param name="layers">Rows from the farthest to the closest, with the names of their tables.</param>
    /// <param name="shared">Columns that several tables of the dataset have, whether or not these rows do.</param>
    internal ColumnDictionary((string Table, IReadOnlyDictionary<string, string?> Row)[] layers, IReadOnlySet<string> shared)
    {
        _layers = layers;
        _shared = shared;
    }

    /// <inheritdoc/>
    public IEnumerable<string> Keys
    {
        get
        {
            var plain = _layers.SelectMany(l => l.Row.Keys).Distinct(StringComparer.Ordinal).ToList();
            var qualified = _layers.SelectMany(l => l.Row.Keys.Where(_shared.Contains).Select(column => $"{l.Table}.{column}"));
            return plain.Concat(qualified.Except(plain, StringComparer.Ordinal));
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string?> Values => Keys.Select(key => this[key]);

    /// <inheritdoc/>
    public int Count => Keys.Count();

    /// <inheritdoc/>
    public string? this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no column '{key}'.");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string? value)
    {
        ArgumentNullException.ThrowIfNull(key);
        var found = false;
        value = null;
        for (var i = _layers.Length - 1; i >= 0 && value is null; i--)
            found |= _layers[i].Row.TryGetValue(key, out value);
        return found || TryGetQualified(key, out value);
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator() =>
        Keys.Select(key => new KeyValuePair<string, string?>(key, this[key])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool TryGetQualified(string key, out string? value)
    {
        value = null;
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !_shared.Contains(key[(dot + 1)..]))
            return false;
        foreach (var (table, row) in _layers)
        {
            if (key.AsSpan(0, dot).SequenceEqual(table))
                return row.TryGetValue(key[(dot + 1)..], out value);
        }

        return false;
    }
}
