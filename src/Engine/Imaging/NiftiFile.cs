using System.IO.Compression;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Imaging;

/// <summary>How voxels are stored in a written file.</summary>
public enum NiftiDataType
{
    /// <summary>0–255; rounded to nearest and clamped.</summary>
    UInt8,

    /// <summary>−32768–32767; rounded to nearest and clamped.</summary>
    Int16,

    /// <summary>As in memory.</summary>
    Float32,
}

/// <summary>Writes NIfTI files (https://nifti.nimh.nih.gov).</summary>
public static class NiftiFile
{
    private const int ChunkVoxels = 1 << 15;
    private const int GzipOsByte = 9;

    /// <summary>
    /// Writes a volume to .nii or .nii.gz. The same volume gives the same bytes: no time stamp, no name, no platform mark.
    /// </summary>
    /// <param name="path">Final path; the extension chooses compression. It appears whole or not at all.</param>
    /// <param name="volume">Channels become the fourth axis.</param>
    /// <param name="type">How voxels are stored. Integers are rounded half to even and clamped; NaN becomes 0.</param>
    /// <param name="referencePath">
    /// The image that the volume belongs to. When it is a NIfTI file on the same grid, its affine fields, codes, units,
    /// description and NIfTI version are kept exactly; header extensions are not. On another grid the volume's own affine is written.
    /// </param>
    /// <exception cref="SegException"><c>ImageFormatUnknown</c>, <c>DiskFull</c>, <c>CannotWrite</c>, or what reading the reference throws.</exception>
    public static void Write(string path, Volume volume, NiftiDataType type, string? referencePath = null)
    {
        ArgumentNullException.ThrowIfNull(volume);
        var extension = ImageFile.ExtensionOf(path);
        if (extension is not (".nii" or ".nii.gz"))
        {
            throw new SegException("ImageFormatUnknown", SegErrorKind.InvalidArgument, $"'{path}': file name: NIfTI is written to .nii or .nii.gz.",
                "Give the file one of these extensions.", path);
        }

        var reference = referencePath is not null && ImageFile.IsNifti(referencePath) ? NiftiReader.ReadHeader(referencePath).Layout : null;
        var header = NiftiHeaderWriter.Build(volume, type, reference);
        AtomicFile.Write(path, stream =>
        {
            if (extension == ".nii")
                WriteContent(stream, header, volume.Voxels, type);
            else
                WriteCompressed(stream, header, volume.Voxels, type);
        });
    }

    private static void WriteCompressed(Stream stream, byte[] header, float[] voxels, NiftiDataType type)
    {
        // Noise hardly gets smaller with more effort, and floats take most of the time; masks are small and quick either way.
        var level = type == NiftiDataType.Float32 ? CompressionLevel.Fastest : CompressionLevel.Optimal;
        var start = stream.Position;
        using (var gzip = new GZipStream(stream, level, leaveOpen: true))
            WriteContent(gzip, header, voxels, type);

        // RFC 1952: the header's last byte names the operating system; 255 means unknown and is the same everywhere.
        var end = stream.Position;
        stream.Position = start + GzipOsByte;
        stream.WriteByte(255);
        stream.Position = end;
    }

    private static void WriteContent(Stream stream, byte[] header, float[] voxels, NiftiDataType type)
    {
        stream.Write(header);
        var buffer = new byte[ChunkVoxels * sizeof(float)];
        var scratch = new float[ChunkVoxels];
        for (var done = 0; done < voxels.Length; done += ChunkVoxels)
        {
            var part = voxels.AsSpan(done, Math.Min(ChunkVoxels, voxels.Length - done));
            var kind = VoxelKind.Float32;
            Span<byte> bytes;
            switch (type)
            {
                case NiftiDataType.UInt8:
                    bytes = buffer.AsSpan(0, part.Length);
                    TensorPrimitives.ConvertTruncating<float, byte>(Rounded(part, scratch, byte.MinValue, byte.MaxValue), bytes);
                    kind = VoxelKind.UInt8;
                    break;
                case NiftiDataType.Int16:
                    bytes = buffer.AsSpan(0, part.Length * sizeof(short));
                    TensorPrimitives.ConvertTruncating(
                        Rounded(part, scratch, short.MinValue, short.MaxValue), MemoryMarshal.Cast<byte, short>(bytes));
                    kind = VoxelKind.Int16;
                    break;
                default:
                    bytes = buffer.AsSpan(0, part.Length * sizeof(float));
                    MemoryMarshal.AsBytes(part).CopyTo(bytes);
                    break;
            }

            if (!BitConverter.IsLittleEndian)
                VoxelConversion.ReverseBytes(kind, bytes);
            stream.Write(bytes);
        }
    }

    private static ReadOnlySpan<float> Rounded(ReadOnlySpan<float> values, float[] scratch, float lowest, float highest)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            scratch[i] = float.IsNaN(value) ? 0 : Math.Clamp(MathF.Round(value), lowest, highest);
        }

        return scratch.AsSpan(0, values.Length);
    }
}
