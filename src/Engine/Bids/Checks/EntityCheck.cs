using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>The key-value parts of image names: known keys, in the order of the standard.</summary>
internal sealed class EntityCheck : IBidsCheck
{
    public static readonly FindingKind EntityOrder = new(
        "EntityOrder", FindingSeverity.Warning,
        "Rename the file with its parts in the order of BIDS, together with its sidecar and labels.");

    public static readonly FindingKind UnknownEntity = new(
        "UnknownEntity", FindingSeverity.Information,
        "Check the spelling; keys that BIDS does not know are kept, but other tools may refuse the file.");

    /// <summary>Key to its place in a name.</summary>
    private static readonly Dictionary<string, int> Ranks =
        BidsVocabulary.Entities.Select((key, rank) => (key, rank)).ToDictionary(e => e.key, e => e.rank, StringComparer.Ordinal);

    public IReadOnlyList<FindingKind> Kinds { get; } = [EntityOrder, UnknownEntity];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        foreach (var file in root.Tree.RawFiles)
        {
            var extension = ImageNames.ExtensionOf(file.Name);
            if (extension.Length == 0 || BidsName.Parse(file.Name[..^extension.Length], out _) is not { } name)
                continue;
            foreach (var key in name.Entities.Keys.Where(key => !Ranks.ContainsKey(key)))
            {
                var hint = NearestName.Of(key, [.. BidsVocabulary.Entities]) is { } near ? $"; '{near}' may be meant" : "";
                yield return root.Report(UnknownEntity, file.RelativePath, $"has the key '{key}', which BIDS does not know{hint}");
            }

            var known = name.Entities.Keys.Where(Ranks.ContainsKey).ToList();
            var ordered = known.OrderBy(key => Ranks[key]).ToList();
            if (!known.SequenceEqual(ordered, StringComparer.Ordinal))
            {
                var (found, right) = (string.Join(", ", known), string.Join(", ", ordered));
                yield return root.Report(EntityOrder, file.RelativePath, $"has its parts in the order {found}; BIDS has {right}");
            }
        }
    }

}
