using System.IO.Compression;
using System.Runtime.InteropServices;
using MedSeg.Engine.Imaging;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// Reading a .nii.gz of 256³ int16 voxels against decompressing the same file into a small reused buffer plus one conversion
/// of int16 to float32 in memory that is already there: the bare work, without a new array, checks or an affine.
/// </summary>
public sealed class NiftiReadRatio : IRatioBenchmark
{
    private const int Size = 256;
    private const int Rounds = 11;

    public string Name => "nifti";

    public RatioResult Run()
    {
        var folder = SampleVolume.TemporaryFolder();
        try
        {
            var path = Path.Combine(folder, "volume.nii.gz");
            NiftiFile.Write(path, SampleVolume.Create(Size), NiftiDataType.Int16);
            var stored = MemoryMarshal.AsBytes(Array.ConvertAll(ImageFile.Read(path).Voxels, v => (short)v).AsSpan()).ToArray();
            var values = new float[Size * Size * Size];
            var buffer = new byte[1 << 17];
            var times = Interleaved.Medians(
                Rounds,
                () => ImageFile.Read(path),
                () => Decompress(path, buffer),
                () => VoxelConversion.ToFloat(VoxelKind.Int16, stored, swap: false, 1, 0, values));
            var bare = times[1] + times[2];
            return new(Name, times[0] / bare, 1.2, new Dictionary<string, double>
            {
                ["read_ms"] = times[0], ["decompress_ms"] = times[1], ["convert_ms"] = times[2],
                ["file_mb"] = new FileInfo(path).Length / 1e6, ["rounds"] = Rounds,
            }, "medians; .nii.gz read / (bare decompression + one conversion pass), 256³ int16");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Decompress(string path, byte[] buffer)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        while (gzip.Read(buffer) > 0)
        {
            // Only the decompression counts.
        }
    }
}
