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
}
