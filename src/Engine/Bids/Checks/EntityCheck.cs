using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>The key-value parts of image names: known keys, in the order of the standard.</summary>
internal sealed class EntityCheck : IBidsCheck
{
    public static readonly FindingKind EntityOrder = new(
        "EntityOrder", FindingSeverity.Warning, "Rename the file with its parts in the order of BIDS, together with its sidecar and labels.");

    public static readonly FindingKind UnknownEntity = new(
        "UnknownEntity", FindingSeverity.Information, "Check the spelling; keys that BIDS does not know are kept, but other tools may refuse the file.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [EntityOrder, UnknownEntity];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        foreach (var file in root.Tree.RawFiles)
        {
            var extension = ImageNames.ExtensionOf(file.Name);
            if (extension.Length == 0 || BidsName.Parse(file.Name[..^extension.Length], out _) is not { } name)
                continue;
            var keys = name.Entities.Keys.ToList();
            foreach (var key in keys.Where(key => !BidsVocabulary.Entities.Contains(key, StringComparer.Ordinal)))
            {
                var near = NearestName.Of(key, [.. BidsVocabulary.Entities]);
                yield return At(UnknownEntity, file, $"has the key '{key}', which BIDS does not know{(near is null ? "" : $"; '{near}' may be meant")}");
            }

            var known = keys.FindAll(key => BidsVocabulary.Entities.Contains(key, StringComparer.Ordinal));
            var ordered = known.OrderBy(Rank).ToList();
            if (!known.SequenceEqual(ordered, StringComparer.Ordinal))
                yield return At(EntityOrder, file, $"has its parts in the order {string.Join(", ", known)}; BIDS has {string.Join(", ", ordered)}");
        }

        BidsFinding At(FindingKind kind, BidsFile file, string what) =>
            kind.At(BidsTree.FullPath(root.Root, file.RelativePath), $"{file.RelativePath} {what}.");
    }

    private static int Rank(string key) => ((List<string>)[.. BidsVocabulary.Entities]).IndexOf(key);
}
