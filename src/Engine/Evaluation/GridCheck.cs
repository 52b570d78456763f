using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Evaluation;

/// <summary>Refuses files that do not show the same voxels of the world.</summary>
internal static class GridCheck
{
    /// <exception cref="SegException"><c>MaskShapeMismatch</c> or <c>MaskGridMismatch</c>, about the first file.</exception>
    public static void Require(string path, VolumeGeometry grid, string otherPath, VolumeGeometry other)
    {
        if (!GridAgreement.SameSize(grid, other))
        {
            throw new SegException(
                "MaskShapeMismatch", SegErrorKind.InvalidData,
                $"'{path}' has {GridAgreement.Size(grid)} voxels, '{otherPath}' has {GridAgreement.Size(other)}.",
                "Use files of the same image; resample one of them first.", path);
        }

        if (GridAgreement.Difference(grid, other) is not { } difference)
            return;
        throw new SegException(
            "MaskGridMismatch", SegErrorKind.InvalidData, $"'{path}' and '{otherPath}' lie {difference} apart: their affines differ.",
            "Use files of the same image; check orientation, origin and voxel sizes in both headers.", path);
    }
}
