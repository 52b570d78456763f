using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Bids;

/// <summary>JSON files of a dataset; what is wrong with one becomes a finding.</summary>
internal static class JsonFile
{
    /// <summary>The object as <see cref="SafeJson"/> reads it, or null with a finding.</summary>
    public static IReadOnlyDictionary<string, object?>? ReadObject(string path, List<BidsFinding> findings)
    {
        var values = SafeJson.ReadObject(path, out var problem);
        if (values is null)
            findings.Add(FindingCatalog.JsonUnreadable.At(path, $"{Path.GetFileName(path)} {problem}"));
        return values;
    }

    /// <summary>Whether two values read from JSON say the same.</summary>
    public static bool SameValue(object? a, object? b) => (a, b) switch
    {
        (object?[] x, object?[] y) => x.Length == y.Length && x.Zip(y).All(p => SameValue(p.First, p.Second)),
        (IReadOnlyDictionary<string, object?> x, IReadOnlyDictionary<string, object?> y) =>
            x.Count == y.Count && x.All(p => y.TryGetValue(p.Key, out var other) && SameValue(p.Value, other)),
        _ => Equals(a, b),
    };
}
