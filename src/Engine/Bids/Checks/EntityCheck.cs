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
                var hint = NearestName.Of(key, [.. BidsVocabulary.Entities]) is { } near ? $"; '{near}' may be meant" : "";
                yield return root.Report(UnknownEntity, file.RelativePath, $"has the key '{key}', which BIDS does not know{hint}");
            }

            var known = keys.FindAll(key => BidsVocabulary.Entities.Contains(key, StringComparer.Ordinal));
            var ordered = known.OrderBy(Rank).ToList();
            if (!known.SequenceEqual(ordered, StringComparer.Ordinal))
            {
                var (found, right) = (string.Join(", ", known), string.Join(", ", ordered));
                yield return root.Report(EntityOrder, file.RelativePath, $"has its parts in the order {found}; BIDS has {right}");
            }
        }
    }

    private static int Rank(string key) => ((List<string>)[.. BidsVocabulary.Entities]).IndexOf(key);
}
