using System.Globalization;

namespace MedSeg.Engine.Imaging;

/// <summary>
/// Whether two grids show the same voxels of the world. Import, training, metrics and overlays all ask here, so that what one of
/// them takes no other refuses.
/// </summary>
internal static class GridAgreement
{
    /// <summary>
    /// How far apart the same voxel of both grids may lie, in voxels of the first grid along each of its axes. Up to one half, every
    /// voxel of one grid has its counterpart as the nearest voxel of the other; published labels are 0.47 off.
    /// </summary>
    public const double Tolerance = 0.5;

    /// <summary>Whether both have as many voxels along each axis.</summary>
    public static bool SameSize(VolumeGeometry grid, VolumeGeometry other) => (grid.X, grid.Y, grid.Z) == (other.X, other.Y, other.Z);

    /// <summary>Voxels along the axes, as a text.</summary>
    public static string Size(VolumeGeometry grid) => string.Create(CultureInfo.InvariantCulture, $"{grid.X}×{grid.Y}×{grid.Z}");

    /// <summary>
    /// What separates two grids of one size, as "up to 2.5, 0, 0 voxels along its axes"; null where they agree. The affine is linear, so that the
    /// corners show the largest distance.
    /// </summary>
    /// <param name="grid">The grid whose voxels are the unit.</param>
    /// <param name="other">A grid with as many voxels along each axis, in the same order of axes.</param>
    public static string? Difference(VolumeGeometry grid, VolumeGeometry other)
    {
        var apart = Largest(grid, other);
        return apart.All(distance => distance <= Tolerance)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"up to {apart[0]:0.##}, {apart[1]:0.##}, {apart[2]:0.##} voxels along its axes");
    }

    /// <summary>Along each axis of the first grid, the largest distance between the same corner of both, in voxels of that axis.</summary>
    public static double[] Largest(VolumeGeometry grid, VolumeGeometry other)
    {
        double[] a = Column(grid, 0), b = Column(grid, 1), c = Column(grid, 2);
        double[][] across = [Cross(b, c), Cross(c, a), Cross(a, b)];
        var determinant = Dot(a, across[0]);
        var apart = new double[3];
        for (var corner = 0; corner < 8; corner++)
        {
            double[] voxel = [(corner & 1) * (grid.X - 1), (corner >> 1 & 1) * (grid.Y - 1), (corner >> 2) * (grid.Z - 1), 1];
            var millimetres = new double[3];
            for (var row = 0; row < 3; row++)
            {
                for (var column = 0; column < 4; column++)
                    millimetres[row] += (other.Affine[(4 * row) + column] - grid.Affine[(4 * row) + column]) * voxel[column];
            }

            // Cramer's rule: the affine's inverse applied to the distance.
            for (var axis = 0; axis < 3; axis++)
                apart[axis] = Math.Max(apart[axis], Math.Abs(Dot(millimetres, across[axis]) / determinant));
        }

        return apart;
    }

    private static double[] Column(VolumeGeometry grid, int j) => [grid.Affine[j], grid.Affine[4 + j], grid.Affine[8 + j]];

    private static double[] Cross(double[] a, double[] b) =>
        [(a[1] * b[2]) - (a[2] * b[1]), (a[2] * b[0]) - (a[0] * b[2]), (a[0] * b[1]) - (a[1] * b[0])];

    private static double Dot(double[] a, double[] b) => (a[0] * b[0]) + (a[1] * b[1]) + (a[2] * b[2]);
}
