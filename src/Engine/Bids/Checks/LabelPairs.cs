using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>Labels with their images.</summary>
internal static class LabelPairs
{
    /// <summary>The labels of a subject, left-out ones included, whose image is used; both with a readable header.</summary>
    public static IEnumerable<(CheckedFile Label, CheckedFile Image)> Of(IReadOnlyList<CheckedFile> files)
    {
        var images = files.Where(f => f.IsUsedImage && f.Geometry is not null).ToDictionary(f => f.RelativePath, StringComparer.Ordinal);
        foreach (var label in files.Where(f => f.TargetSuffix is not null && f.Geometry is not null))
        {
            if (images.TryGetValue(label.Image!.RelativePath, out var image))
                yield return (label, image);
        }
    }

    /// <summary>Whether both grids show the same voxels, in whatever order they are stored.</summary>
    public static bool Agree(VolumeGeometry grid, VolumeGeometry other)
    {
        var (a, b) = (InRas(grid), InRas(other));
        return GridAgreement.SameSize(a, b) && GridAgreement.Difference(a, b) is null;
    }

    public static VolumeGeometry InRas(VolumeGeometry grid) => Orientation.Apply(grid, Orientation.ToRas(grid.Affine));
}
