namespace MedSeg.Engine.Bids.Checks;

/// <summary>Files that are images by their names, but of formats that are not read: they are silently no part of the dataset.</summary>
internal sealed class UnreadFormatCheck : IBidsCheck
{
    public static readonly FindingKind UnreadFormat = new(
        "UnreadFormat", FindingSeverity.Warning, "Convert the files to NIfTI, PNG or TIFF; they are left out.");

    private static readonly string[] Extensions =
    [
        ".dcm", ".dicom", ".ima", ".mgz", ".mgh", ".nrrd", ".nhdr", ".mha", ".mhd", ".mnc", ".mif", ".mif.gz", ".rec",
        ".nii.bz2", ".nii.xz", ".nii.zip", ".bmp", ".gif", ".webp", ".jp2", ".svs", ".ndpi", ".mrxs", ".czi", ".nd2", ".lif", ".ome.zarr", ".h5", ".hdf5",
        ".npy", ".npz",
    ];

    public IReadOnlyList<FindingKind> Kinds { get; } = [UnreadFormat];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        var files = root.Tree.RawFiles.Concat(root.Tree.Pipelines.Where(p => p.Key is "labels" or "").SelectMany(p => p.Value))
            .Select(file => (File: file, Extension: ExtensionOf(file.Name))).Where(f => f.Extension is not null);
        foreach (var group in files.GroupBy(f => (f.File.Folder, f.Extension)))
        {
            ct.ThrowIfCancellationRequested();
            var count = group.Count();
            yield return UnreadFormat.At(
                BidsTree.FullPath(root.Root, group.Key.Folder),
                $"{group.Key.Folder} holds {Names.Counted(count, "file")} of the format {group.Key.Extension}, which is not read. "
                + $"The first is {group.First().File.Name}.");
        }
    }

    private static string? ExtensionOf(string name) => Array.Find(Extensions, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));
}
