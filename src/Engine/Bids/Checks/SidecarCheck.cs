namespace MedSeg.Engine.Bids.Checks;

/// <summary>JSON sidecars that belong to no image, and images without any metadata.</summary>
internal sealed class SidecarCheck : IBidsCheck
{
    private const string Extension = ".json";

    public static readonly FindingKind OrphanSidecar = new(
        "OrphanSidecar", FindingSeverity.Warning, "Add the image, or name the sidecar after one; its values are not used.");

    public static readonly FindingKind MissingSidecar = new(
        "MissingSidecar", FindingSeverity.Information,
        "Add a JSON sidecar where models or filters need metadata such as EchoTime or Manufacturer.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [OrphanSidecar, MissingSidecar];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        // Recordings and images of other formats have sidecars, too.
        var described = new List<(string Folder, BidsName Name)>();
        var stems = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in root.Tree.RawFiles.Where(f => !IsSidecar(f)))
        {
            var stem = file.Name.Split('.')[0];
            stems.Add(file.Folder + "/" + stem);
            if (BidsName.Parse(stem, out _) is { } name)
                described.Add((file.Folder, name));
        }

        var bySuffix = described.ToLookup(i => i.Name.Suffix, StringComparer.Ordinal);
        foreach (var file in root.Tree.RawFiles.Where(IsSidecar))
        {
            ct.ThrowIfCancellationRequested();
            var stem = file.Name[..^Extension.Length];
            if (stems.Contains(file.Folder + "/" + stem) || BidsName.Parse(stem, out _) is not { } name || IsTableDescription(name))
                continue;
            if (!bySuffix[name.Suffix].Any(i => IsBelow(i.Folder, file.Folder) && name.AppliesTo(i.Name)))
                yield return root.Report(OrphanSidecar, file.RelativePath, "describes no image");
        }

        var lacking = root.Images.Where(i => i.Metadata.Count == 0).ToList();
        if (lacking.Count > 1 && lacking.Count == root.Images.Count)
        {
            yield return MissingSidecar.At(root.Root, $"None of the {lacking.Count} images has a JSON sidecar.");
            yield break;
        }

        foreach (var image in lacking)
            yield return MissingSidecar.At(image.Path, $"{image.RelativePath} has no JSON sidecar of its own or above it.");
    }

    private static bool IsSidecar(BidsFile file) => file.Name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    private static bool IsBelow(string folder, string top) => folder == top || folder.StartsWith(top + "/", StringComparison.Ordinal);

    /// <summary>Describes the columns of the table of the same name.</summary>
    private static bool IsTableDescription(BidsName name) =>
        name.Suffix is "scans" or "sessions" or "events" or "channels" or "physio" or "coordsystem";
}
