namespace MedSeg.Engine.Imaging;

/// <summary>What a checked header says: how many numbers of which kind lie where, and what they mean.</summary>
/// <param name="Header">The fields as stored.</param>
/// <param name="Type">Type of the voxels; its kind is never null here.</param>
/// <param name="Geometry">Grid and affine in mm.</param>
/// <param name="Frames">Product of dim[4] and dim[5].</param>
/// <param name="DataOffset">Byte of the first voxel in the (uncompressed) data file.</param>
/// <param name="Slope">scl_slope, 1 where it means none.</param>
/// <param name="Inter">scl_inter, 0 where it means none.</param>
internal sealed record NiftiLayout(
    NiftiHeader Header, NiftiType Type, VolumeGeometry Geometry, int Frames, long DataOffset, double Slope, double Inter)
{
    public int Channels => Frames * Type.Samples;

    /// <summary>Stored numbers, at most <see cref="Array.MaxLength"/>.</summary>
    public long Samples => Geometry.VoxelCount * Channels;
}
