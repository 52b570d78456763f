namespace MedSeg.Engine.Bids.Checks;

/// <summary>Voxel sizes that are hardly those of a scan: a wrong unit, an overview image, or a header that was filled in by hand.</summary>
internal sealed class VoxelSizeCheck : IBidsCheck
{
    // In mm. Volumes: beyond clinical and small-animal scanners. Pictures: beyond electron microscopes (0.1 nm) and slide scanners (10 µm).
    private const double SmallestVoxel = 0.005;
    private const double LargestVoxel = 15;
    private const double CoarsestVoxel = 5;
    private const double SmallestPixel = 1e-7;
    private const double LargestPixel = 0.1;

    public static readonly FindingKind VoxelSizeExtreme = new(
        "VoxelSizeExtreme", FindingSeverity.Warning, "Check the unit and the voxel size; leave overview images out of training.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [VoxelSizeExtreme];

    public IEnumerable<BidsFinding> OfFile(OpenedFile file)
    {
        // A label is held to its image, and left-out pictures have no known size.
        if (file.File.TargetSuffix is not null || file.File.Geometry is not { } grid || (file.File.IsPicture && !file.File.IsUsedImage))
            yield break;
        int[] size = [grid.X, grid.Y, grid.Z];
        double[] spacing = [grid.Spacing.X, grid.Spacing.Y, grid.Spacing.Z];
        var used = spacing.Where((_, axis) => size[axis] > 1).DefaultIfEmpty(spacing[0]).ToList();
        var isExtreme = file.File.IsPicture
            ? used.Min() < SmallestPixel || used.Max() > LargestPixel
            : used.Min() < SmallestVoxel || used.Max() > LargestVoxel || used.Min() > CoarsestVoxel;
        if (isExtreme)
            yield return file.File.Report(VoxelSizeExtreme, $"has voxels of {Names.Spacing(grid)}");
    }
}
