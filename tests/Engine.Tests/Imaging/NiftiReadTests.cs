using System.Runtime.InteropServices;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Imaging;

public sealed class NiftiReadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Every numeric type with values at its ends, in both orders and versions.</summary>
    public static TheoryData<int, string, int, bool> Types
    {
        get
        {
            var data = new TheoryData<int, string, int, bool>();
            foreach (var (code, name) in new[]
            {
                (2, "uint8"), (256, "int8"), (4, "int16"), (512, "uint16"), (8, "int32"), (768, "uint32"),
                (1024, "int64"), (1280, "uint64"), (16, "float32"), (64, "float64"),
            })
            {
                foreach (var version in new[] { 1, 2 })
                {
                    data.Add(code, name, version, false);
                    data.Add(code, name, version, true);
                }
            }

            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_reads_in_both_byte_orders_and_versions(int code, string name, int version, bool bigEndian)
    {
        var (bytes, values) = Samples(code, 131);
        var builder = new NiftiBuilder
        {
            Version = version, BigEndian = bigEndian, DataType = code, BitPix = bytes.Length / values.Length * 8,
            Dim = [3, values.Length, 1, 1, 1, 1, 1, 1], Data = bigEndian ? Reversed(bytes, bytes.Length / values.Length) : bytes,
        };
        foreach (var path in new[] { Save("a.nii", builder.File()), Save("a.nii.gz", builder.Gzip()) })
        {
            Assert.Equal(name, ImageFile.ReadInfo(path).DataType);
            Assert.Equal(values.Select(v => (float)v), ImageFile.Read(path).Voxels);
        }

        (builder.Slope, builder.Inter) = (0.5, -3);
        var scaled = ImageFile.Read(Save("b.nii.gz", builder.Gzip())).Voxels;
        Assert.Equal(values.Select(v => code is 2 or 256 or 4 or 512 or 16 ? MathF.FusedMultiplyAdd((float)v, 0.5f, -3f) : (float)((v * 0.5) - 3)), scaled);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(double.NaN, 5)]
    [InlineData(double.PositiveInfinity, 5)]
    public void Slope_zero_or_not_finite_means_none(double slope, double inter)
    {
        var volume = Read(new NiftiBuilder { Slope = slope, Inter = inter, Data = Shorts(24) });
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), volume.Voxels);
    }

    [Fact]
    public void An_intercept_that_is_not_finite_is_zero_and_found()
    {
        var builder = new NiftiBuilder { Slope = 2, Inter = double.NaN, Data = Shorts(24) };
        Assert.Equal(46, Read(builder).Voxels[23]);
        Assert.Contains(Findings(builder), f => f.Field == "scl_inter" && f.Severity == FindingSeverity.Warning);
    }

    [Theory]
    [InlineData(128, 24, 3, "rgb24")]
    [InlineData(2304, 32, 4, "rgba32")]
    public void Colours_become_channels_and_are_not_scaled(int code, int bits, int colours, string name)
    {
        var data = Enumerable.Range(0, 4 * colours).Select(i => (byte)(10 * i)).ToArray();
        var builder = new NiftiBuilder { DataType = code, BitPix = bits, Dim = [4, 2, 1, 1, 2, 1, 1, 1], Slope = 7, Data = data };
        var volume = Read(builder);
        Assert.Equal((2 * colours, name), (volume.Channels, ImageFile.ReadInfo(Save("a.nii", builder.File())).DataType));
        for (var frame = 0; frame < 2; frame++)
        {
            for (var colour = 0; colour < colours; colour++)
            {
                Assert.Equal(
                    new float[] { data[(2 * frame * colours) + colour], data[(((2 * frame) + 1) * colours) + colour] },
                    volume.Channel((frame * colours) + colour).ToArray());
            }
        }
    }

    [Theory]
    [InlineData(new long[] { 1, 24, 9, 9, 9, 9, 9, 9 }, 24, 1, 1, 1)]
    [InlineData(new long[] { 2, 4, 6, 0, 0, 0, 0, 0 }, 4, 6, 1, 1)]
    [InlineData(new long[] { 3, 2, 3, 4, 0, 0, 0, 0 }, 2, 3, 4, 1)]
    [InlineData(new long[] { 4, 2, 3, 2, 2, 0, 0, 0 }, 2, 3, 2, 2)]
    [InlineData(new long[] { 5, 2, 2, 1, 1, 6, 0, 0 }, 2, 2, 1, 6)]
    [InlineData(new long[] { 5, 2, 1, 2, 2, 3, 0, 0 }, 2, 1, 2, 6)]
    [InlineData(new long[] { 7, 1, 24, 1, 1, 1, 1, 1 }, 1, 24, 1, 1)]
    public void Axes_beyond_the_third_are_channels_and_singletons_do_not_matter(long[] dim, int x, int y, int z, int channels)
    {
        var volume = Read(new NiftiBuilder { Dim = dim, Data = Shorts(24) });
        Assert.Equal((x, y, z, channels), (volume.Geometry.X, volume.Geometry.Y, volume.Geometry.Z, volume.Channels));
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), volume.Voxels);
    }

    [Theory]
    [InlineData(".hdr", 1)]
    [InlineData(".img", 1)]
    [InlineData(".hdr", 2)]
    public void Pairs_read_from_either_file(string extension, int version)
    {
        var builder = new NiftiBuilder { Pair = true, Version = version, Data = [9, 9, 9, 9, .. Shorts(24)], VoxOffset = 4 };
        Save("a.hdr", builder.Header());
        Save("a.img", builder.Voxels());
        var volume = ImageFile.Read(_folder.File("a" + extension));
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), volume.Voxels);
    }

    [Theory]
    [InlineData(true, 32, false)]
    [InlineData(false, 32, false)]
    [InlineData(true, 4000, true)]
    [InlineData(false, -5, true)]
    public void Extensions_are_skipped_by_size(bool bigEndian, int size, bool found)
    {
        var extension = new byte[4 + 32 + 16];
        extension[0] = 1;
        var stored = BitConverter.GetBytes(size);
        if (bigEndian)
            Array.Reverse(stored);
        stored.CopyTo(extension, 4);
        extension[bigEndian ? 39 : 36] = 16;
        var data = bigEndian ? Reversed(Shorts(24), 2) : Shorts(24);
        var builder = new NiftiBuilder { BigEndian = bigEndian, Extension = extension, Data = data };
        Assert.Equal(23, Read(builder).Voxels[23]);
        Assert.Equal(found, Findings(builder).Any(f => f.Field == "esize"));
    }

    [Fact]
    public void The_content_decides_about_compression_and_the_name_is_found_wrong()
    {
        var builder = new NiftiBuilder { Data = Shorts(24) };
        foreach (var path in new[] { Save("compressed.nii", builder.Gzip()), Save("plain.nii.gz", builder.File()) })
        {
            Assert.Equal(23, ImageFile.Read(path).Voxels[23]);
            Assert.Contains(ImageFile.ReadInfo(path).Findings, f => f.Field == "file name" && f.Severity == FindingSeverity.Warning);
        }

        Assert.Empty(ImageFile.ReadInfo(Save("right.nii.gz", builder.Gzip())).Findings);
    }

    [Fact]
    public void A_gzip_file_may_have_several_members_names_and_zero_padding()
    {
        var file = new NiftiBuilder { Data = Shorts(24) }.File();
        byte[] named = [0x1f, 0x8b, 8, 8 | 4 | 16, 0, 0, 0, 0, 0, 3, 2, 0, 7, 7, (byte)'a', 0, (byte)'b', 0, .. NiftiBuilder.Compress(file[..200])[10..]];
        byte[] members = [.. named, .. NiftiBuilder.Compress(file[200..])];
        Assert.Equal(23, ImageFile.Read(Save("a.nii.gz", members)).Voxels[23]);
        Assert.Equal(23, ImageFile.Read(Save("b.nii.gz", [.. members, .. new byte[700]])).Voxels[23]);
    }

    [Fact]
    public void Large_compressible_volumes_grow_to_the_right_values()
    {
        // A million voxels in a few kilobytes: the array starts far smaller than the volume.
        var data = new byte[1_000_000];
        for (var i = 0; i < data.Length; i += 1000)
            data[i] = (byte)(i / 1000);
        var volume = Read(new NiftiBuilder { DataType = 2, BitPix = 8, Dim = [3, 100, 100, 100, 1, 1, 1, 1], Data = data });
        Assert.True(volume.Voxels.AsSpan().SequenceEqual(Array.ConvertAll(data, v => (float)v)));
    }

    [Fact]
    public void Reading_stops_when_cancelled()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var path = Save("a.nii.gz", new NiftiBuilder().Gzip());
        Assert.Throws<OperationCanceledException>(() => ImageFile.Read(path, null, stop.Token));
    }

    private Volume Read(NiftiBuilder builder)
    {
        var plain = ImageFile.Read(Save("read.nii", builder.File()));
        var compressed = ImageFile.Read(Save("read.nii.gz", builder.Gzip()));
        Assert.True(plain.Voxels.AsSpan().SequenceEqual(compressed.Voxels));
        return plain;
    }

    private IReadOnlyList<HeaderFinding> Findings(NiftiBuilder builder) => ImageFile.ReadInfo(Save("info.nii", builder.File())).Findings;

    private string Save(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        return _folder.File(name);
    }

    private static byte[] Shorts(int count) => MemoryMarshal.AsBytes(Enumerable.Range(0, count).Select(i => (short)i).ToArray().AsSpan()).ToArray();

    private static byte[] Reversed(byte[] bytes, int size) => [.. bytes.Chunk(size).SelectMany(c => c.Reverse())];

    /// <summary>Little-endian bytes and the numbers they stand for, more than a few vectors long.</summary>
    private static (byte[] Bytes, double[] Values) Samples(int code, int count)
    {
        (byte[], double[]) Of<T>(T low, T high, Func<int, T> make, Func<T, double> value)
            where T : unmanaged
        {
            var values = Enumerable.Range(0, count).Select(make).ToArray();
            (values[0], values[^1]) = (low, high);
            return (MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), Array.ConvertAll(values, v => value(v)));
        }

        return code switch
        {
            2 => Of(byte.MinValue, byte.MaxValue, i => (byte)(i * 2), v => v),
            256 => Of(sbyte.MinValue, sbyte.MaxValue, i => (sbyte)(i - 65), v => v),
            4 => Of(short.MinValue, short.MaxValue, i => (short)((i * 500) - 32000), v => v),
            512 => Of(ushort.MinValue, ushort.MaxValue, i => (ushort)(i * 500), v => v),
            8 => Of(int.MinValue, int.MaxValue, i => (i * 10_000_001) - 500_000_000, v => v),
            768 => Of(uint.MinValue, uint.MaxValue, i => (uint)i * 30_000_001, v => v),
            1024 => Of(long.MinValue, long.MaxValue, i => (i - 60) * 1_000_000_000_001, v => v),
            1280 => Of(ulong.MinValue, ulong.MaxValue, i => (ulong)i * 100_000_000_000_001, v => v),
            16 => Of(-float.MaxValue, float.MaxValue, i => (float)Math.Exp(i - 60), v => v),
            _ => Of(-1e300, 1e-300, i => Math.Sqrt(i) - 5, v => v),
        };
    }
}
