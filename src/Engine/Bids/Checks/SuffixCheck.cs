using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>Suffixes and data type folders that BIDS does not know. One finding for each suffix or folder name, not for each file.</summary>
internal sealed class SuffixCheck : IBidsCheck
{
    public static readonly FindingKind UnknownSuffix = new(
        "UnknownSuffix", FindingSeverity.Information, "Check the spelling; contrasts are matched exactly, so that files of a misspelt one are missed.");

    public static readonly FindingKind UnknownDataType = new(
        "UnknownDataType", FindingSeverity.Information, "Name the folder after a data type of BIDS, such as anat or micr.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [UnknownSuffix, UnknownDataType];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        foreach (var group in root.Images.GroupBy(i => i.Suffix).Where(g => !BidsVocabulary.Suffixes.Contains(g.Key, StringComparer.Ordinal)))
        {
            var near = NearestName.Of(group.Key, [.. BidsVocabulary.Suffixes]);
            yield return UnknownSuffix.At(
                group.First().Path,
                $"{Names.Counted(group.Count(), "image")} {(group.Count() == 1 ? "has" : "have")} the suffix '{group.Key}', which BIDS does not know"
                + $"{(near is null ? "" : $"; '{near}' may be meant")}. The first is {group.First().RelativePath}.");
        }

        foreach (var group in root.Images.GroupBy(i => i.DataType).Where(g => !BidsVocabulary.DataTypes.Contains(g.Key, StringComparer.Ordinal)))
        {
            yield return UnknownDataType.At(
                Path.GetDirectoryName(group.First().Path)!,
                $"{Names.Counted(group.Count(), "image")} {(group.Count() == 1 ? "lies" : "lie")} in folders named '{group.Key}', which is no data type of BIDS.");
        }
    }
}
