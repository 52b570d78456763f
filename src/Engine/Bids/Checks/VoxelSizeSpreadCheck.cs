using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>Contrasts whose images have very different voxel sizes: a network sees structures of very different sizes in voxels.</summary>
internal sealed class VoxelSizeSpreadCheck : IBidsCheck
{
    private const double Factor = 2;

    public static readonly FindingKind VoxelSizeSpread = new(
        "VoxelSizeSpread", FindingSeverity.Information, "Use the transform Resample, so that a voxel means the same everywhere.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [VoxelSizeSpread];

    public IEnumerable<BidsFinding> OfAll(IReadOnlyList<CheckedFile> files)
    {
        foreach (var group in files.Where(f => f.IsUsedImage && f.Geometry is not null).GroupBy(f => (f.Root, f.Image!.Contrast)))
        {
            var images = group.OrderBy(f => f.Geometry!.VoxelVolume).ThenBy(f => f.RelativePath, StringComparer.Ordinal).ToList();
            var (finest, coarsest) = (images[0], images[^1]);
            if (Enumerable.Range(0, 3).Any(axis => images.Max(f => Spacing(f, axis)) > Factor * images.Min(f => Spacing(f, axis))))
            {
                yield return VoxelSizeSpread.At(
                    group.Key.Root,
                    $"{group.Key.Contrast}: the voxels of {finest.RelativePath} are {Text(finest)}, "
                    + $"those of {coarsest.RelativePath} {Text(coarsest)}.");
            }
        }
    }

    private static double Spacing(CheckedFile file, int axis)
    {
        var spacing = file.Geometry!.Spacing;
        return Orientation.ToRas(file.Geometry.Affine).Source(axis) switch { 0 => spacing.X, 1 => spacing.Y, _ => spacing.Z };
    }

    private static string Text(CheckedFile file) => Names.Spacing(LabelPairs.InRas(file.Geometry!));
}
