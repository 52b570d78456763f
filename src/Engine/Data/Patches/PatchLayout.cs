using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Patches;

/// <summary>How a grid is cut into patches.</summary>
/// <param name="Length">Size of a patch in voxels.</param>
/// <param name="Stride">Steps between patches, 1 … length along each axis.</param>
public sealed record PatchLayout(GridSize Length, GridSize Stride)
{
    /// <summary>The 2D patches of a configuration; null where it takes whole slices.</summary>
    public static PatchLayout? Of2D(SegConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.DefaultModel is { Length2D: [var h, var w], Stride2D: [var strideH, var strideW] }
            ? new PatchLayout(new GridSize(h, w), new GridSize(strideH, strideW))
            : null;
    }

    /// <summary>The corners of all patches of a grid; see <see cref="PatchGrid"/>.</summary>
    /// <exception cref="SegException"><c>ImageTooSmall</c>: the grid is smaller than a patch.</exception>
    public IReadOnlyList<PatchCorner> Corners(GridSize size)
    {
        if (size.H >= Length.H && size.W >= Length.W && size.D >= Length.D)
            return PatchGrid.Corners(size, Length, Stride);
        throw new SegException(
            "ImageTooSmall", SegErrorKind.InvalidData,
            $"The image is {size} after resampling and cropping, smaller than a patch of {Length}.",
            "Check the image's voxel size, train with smaller patches, or with a CenterCrop at least as large as a patch, which pads small images.");
    }
}
