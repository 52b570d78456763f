using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>A file while it is looked at.</summary>
/// <param name="File">What is kept of it.</param>
/// <param name="Head">Its first bytes as they lie on the disk, at most <see cref="FileReader.HeadBytes"/>.</param>
internal sealed record OpenedFile(CheckedFile File, byte[] Head)
{
    /// <summary>The header of a NIfTI image; null for pictures and when it can't be read.</summary>
    public NiftiLayout? Nifti { get; init; }

    /// <summary>Channels, time points or colours; 0 when the header can't be read.</summary>
    public int Channels { get; init; }

    /// <summary>Of the voxels; null unless the check is deep and the whole file can be read.</summary>
    public VoxelSummary? Voxels { get; init; }

    /// <summary>Why the header can't be read.</summary>
    public SegException? HeaderProblem { get; init; }

    /// <summary>Why the voxels can't be read although the header can.</summary>
    public SegException? VoxelProblem { get; init; }
}
