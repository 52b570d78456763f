namespace MedSeg.Engine.Bids.Checks;

/// <summary>Labels that lie beside their images instead of below derivatives, where they are not looked for.</summary>
internal sealed class LabelPlaceCheck : IBidsCheck
{
    public static readonly FindingKind LabelAmongImages = new(
        "LabelAmongImages", FindingSeverity.Warning, "Move the label to derivatives/labels, into the same folders as its image.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [LabelAmongImages];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        var images = root.Tree.RawFiles.Where(f => ImageNames.ExtensionOf(f.Name).Length > 0)
            .Select(f => (File: f, Stem: StemOf(f))).ToList();
        var stems = images.Select(i => (i.File.Folder, i.Stem)).ToHashSet();
        foreach (var (file, stem) in images)
        {
            ct.ThrowIfCancellationRequested();
            for (var cut = stem.LastIndexOf('_'); cut > 0; cut = stem.LastIndexOf('_', cut - 1))
            {
                if (!stems.Contains((file.Folder, stem[..cut])))
                    continue;
                yield return root.Report(LabelAmongImages, file.RelativePath, $"is named as a label of {stem[..cut]} and lies beside it");
                break;
            }
        }
    }

    private static string StemOf(BidsFile file) => file.Name[..^ImageNames.ExtensionOf(file.Name).Length];
}
