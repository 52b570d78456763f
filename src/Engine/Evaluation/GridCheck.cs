using System.Globalization;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Evaluation;

/// <summary>Whether two files show the same voxels of the world.</summary>
internal static class GridCheck
{
    /// <summary>How far apart the same corner of both grids may lie, as a part of the smallest voxel size.</summary>
    private const double Tolerance = 0.1;

    /// <exception cref="SegException"><c>MaskShapeMismatch</c> or <c>MaskGridMismatch</c>, about the first file.</exception>
    public static void Require(string path, VolumeGeometry grid, string otherPath, VolumeGeometry other)
    {
        if ((grid.X, grid.Y, grid.Z) != (other.X, other.Y, other.Z))
        {
            throw new SegException(
                "MaskShapeMismatch", SegErrorKind.InvalidData, $"'{path}' has {Size(grid)} voxels, '{otherPath}' has {Size(other)}.",
                "Use files of the same image; resample one of them first.", path);
        }

        var (x, y, z) = grid.Spacing;
        var apart = LargestCornerDistance(grid, other);
        if (apart <= Tolerance * Math.Min(x, Math.Min(y, z)))
            return;
        throw new SegException(
            "MaskGridMismatch", SegErrorKind.InvalidData,
            string.Create(CultureInfo.InvariantCulture, $"'{path}' and '{otherPath}' lie up to {apart:0.###} mm apart: their affines differ."),
            "Use files of the same image; check orientation, origin and voxel sizes in both headers.", path);
    }

    private static string Size(VolumeGeometry grid) => string.Create(CultureInfo.InvariantCulture, $"{grid.X}×{grid.Y}×{grid.Z}");

    private static double LargestCornerDistance(VolumeGeometry a, VolumeGeometry b)
    {
        var largest = 0.0;
        for (var corner = 0; corner < 8; corner++)
        {
            double[] voxel = [(corner & 1) * (a.X - 1), (corner >> 1 & 1) * (a.Y - 1), (corner >> 2) * (a.Z - 1), 1];
            var squared = 0.0;
            for (var row = 0; row < 3; row++)
            {
                var difference = 0.0;
                for (var column = 0; column < 4; column++)
                    difference += (a.Affine[(4 * row) + column] - b.Affine[(4 * row) + column]) * voxel[column];
                squared += difference * difference;
            }

            largest = Math.Max(largest, Math.Sqrt(squared));
        }

        return largest;
    }
}
