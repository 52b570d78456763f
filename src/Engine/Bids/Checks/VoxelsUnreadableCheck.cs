namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Files whose voxels can't be read although their header can: cut short, with a wrong checksum, or followed by other bytes.
/// </summary>
internal sealed class VoxelsUnreadableCheck : IBidsCheck
{
    public static readonly FindingKind VoxelsUnreadable = new(
        "VoxelsUnreadable", FindingSeverity.Error, "Fetch or export the file again; training and prediction stop at it.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [VoxelsUnreadable];

    public IEnumerable<BidsFinding> OfFile(OpenedFile file)
    {
        // The import opens used files and says so itself; the rest is opened by the checks only.
        if (file.File is { LeftOut: true, IsReported: false, Size: 0 })
            yield return file.File.Report(FindingCatalog.EmptyFile, "is empty (0 bytes)");
        if (file is { HeaderProblem: { } header, File: { LeftOut: true, IsReported: false } })
            yield return Of(FindingCatalog.ImageUnreadable, file, header);
        if (file.VoxelProblem is { } voxels)
            yield return Of(VoxelsUnreadable, file, voxels);
    }

    private static BidsFinding Of(FindingKind kind, OpenedFile file, SegException problem) =>
        kind.At(file.File.Path, $"{problem.ErrorId}: {problem.Message}") with { Recommendation = problem.Recommendation };
}
