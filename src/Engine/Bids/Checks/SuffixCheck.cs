using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Suffixes and data type folders that BIDS does not know. One finding for each suffix or folder name, not for each file.
/// </summary>
internal sealed class SuffixCheck : IBidsCheck
{
    public static readonly FindingKind UnknownSuffix = new(
        "UnknownSuffix", FindingSeverity.Information,
        "Check the spelling; contrasts are matched exactly, so that files of a misspelt one are missed.");

    public static readonly FindingKind UnknownDataType = new(
        "UnknownDataType", FindingSeverity.Information, "Name the folder after a data type of BIDS, such as anat or micr.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [UnknownSuffix, UnknownDataType];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        foreach (var group in Unknown(root.Images, i => i.Suffix, BidsVocabulary.Suffixes))
        {
            var hint = NearestName.Of(group.Key, [.. BidsVocabulary.Suffixes]) is { } near ? $"; '{near}' may be meant" : "";
            yield return UnknownSuffix.At(
                group.First().Path,
                $"BIDS does not know the suffix '{group.Key}' of {Names.Counted(group.Count(), "image")}{hint}. "
                + $"The first is {group.First().RelativePath}.");
        }

        foreach (var group in Unknown(root.Images, i => i.DataType, BidsVocabulary.DataTypes))
        {
            yield return UnknownDataType.At(
                Path.GetDirectoryName(group.First().Path)!,
                $"'{group.Key}' is no data type of BIDS, but the name of the folder of {Names.Counted(group.Count(), "image")}. "
                + $"The first is {group.First().RelativePath}.");
        }
    }

    private static IEnumerable<IGrouping<string, BidsImage>> Unknown(
        IEnumerable<BidsImage> images, Func<BidsImage, string> nameOf, IReadOnlyList<string> known) =>
        images.GroupBy(nameOf).Where(g => !known.Contains(g.Key, StringComparer.Ordinal));
}
