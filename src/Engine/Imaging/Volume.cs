namespace MedSeg.Engine.Imaging;

/// <summary>
/// An image in memory: X×Y×Z voxels with one or more channels, and where the voxels lie in the world.
/// 2D images have Z = 1.
/// </summary>
/// <remarks>
/// <see cref="Voxels"/> is in NIfTI order, x fastest: index = ((c·Z + z)·Y + y)·X + x.
/// </remarks>
public sealed class Volume
{
    public Volume(float[] voxels, VolumeGeometry geometry, int channels = 1)
    {
        ArgumentNullException.ThrowIfNull(voxels);
        ArgumentNullException.ThrowIfNull(geometry);
        if (channels < 1 || voxels.LongLength != geometry.VoxelCount * channels)
            throw new ArgumentException($"{voxels.LongLength} voxels do not fill {geometry.X}×{geometry.Y}×{geometry.Z}×{channels}.", nameof(voxels));
        Voxels = voxels;
        Geometry = geometry;
        Channels = channels;
    }

    public float[] Voxels { get; }

    public VolumeGeometry Geometry { get; }

    public int Channels { get; }

    /// <summary>The voxels of one channel.</summary>
    public Span<float> Channel(int index) =>
        Voxels.AsSpan(checked((int)(index * Geometry.VoxelCount)), checked((int)Geometry.VoxelCount));
}

/// <summary>Size of the grid and the affine from voxel indices to RAS+ millimetres.</summary>
/// <param name="X">Voxels along the first axis.</param>
/// <param name="Y">Voxels along the second axis.</param>
/// <param name="Z">Voxels along the third axis, 1 for 2D images.</param>
/// <param name="Affine">4×4 row-major; the last row is 0 0 0 1.</param>
public sealed record VolumeGeometry(int X, int Y, int Z, double[] Affine)
{
    public long VoxelCount => (long)X * Y * Z;

    /// <summary>Voxel sizes in mm along the three axes: the lengths of the affine's columns.</summary>
    public (double X, double Y, double Z) Spacing => (Column(0), Column(1), Column(2));

    /// <summary>Volume of one voxel in mm³.</summary>
    public double VoxelVolume => Spacing.X * Spacing.Y * Spacing.Z;

    /// <summary>A grid at the origin with the given voxel sizes and RAS+ axes.</summary>
    public static VolumeGeometry Axial(int x, int y, int z, double spacingX, double spacingY, double spacingZ) =>
        new(x, y, z, [spacingX, 0, 0, 0, 0, spacingY, 0, 0, 0, 0, spacingZ, 0, 0, 0, 0, 1]);

    private double Column(int j) =>
        Math.Sqrt((Affine[j] * Affine[j]) + (Affine[4 + j] * Affine[4 + j]) + (Affine[8 + j] * Affine[8 + j]));
}
