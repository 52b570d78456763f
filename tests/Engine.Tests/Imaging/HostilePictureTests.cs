using BitMiracle.LibTiff.Classic;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using SkiaSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Imaging;

/// <summary>PNG, TIFF and JPEG files that must not be read.</summary>
public sealed class HostilePictureTests : IDisposable
{
    private const long MostBytesAllocated = 2 << 20;
    private static readonly Dictionary<string, object?> Micrometres = new() { ["PixelSize"] = new object?[] { 1.0, 2.0 }, ["PixelSizeUnits"] = "um" };
    private readonly TemporaryFolder _folder = new();

    private static readonly Dictionary<string, (string File, Func<byte[]> Bytes, string ErrorId, string Field)> Cases = new()
    {
        ["empty png"] = ("a.png", () => [], "PngEmpty", "signature"),
        ["web page"] = ("a.png", () => "<html></html>"u8.ToArray(), "PngNotAnImage", "signature"),
        ["jpeg named png"] = ("a.png", () => [0xff, 0xd8, 0xff, 0xe0, 0, 16], "PngNotAnImage", "signature"),
        ["line ends changed"] = ("a.png", () => [0x89, .. "PNG\n\x1a\n"u8, .. new byte[50]], "PngNotAnImage", "signature"),
        ["signature alone"] = ("a.png", () => PngBuilder.Signature, "PngTruncated", "IHDR"),
        ["no IHDR"] = ("a.png", () => [.. PngBuilder.Signature, .. PngBuilder.Chunk("tEXt", new byte[13])], "PngDamaged", "IHDR"),
        ["IHDR checksum"] = ("a.png", () => Changed(new PngBuilder().File(), 30), "PngDamaged", "IHDR"),
        ["width 0"] = ("a.png", () => new PngBuilder { Width = 0 }.File(), "PngDimensions", "IHDR"),
        ["height 2^31"] = ("a.png", () => Chunks(new PngBuilder { Height = 1u << 31 }, new byte[9]), "PngDimensions", "IHDR"),
        ["depth 3"] = ("a.png", () => Chunks(new PngBuilder { Depth = 3 }, new byte[9]), "PngUnsupported", "IHDR"),
        ["depth 4 in colour"] = ("a.png", () => Chunks(new PngBuilder { Depth = 4, Colour = 2 }, new byte[9]), "PngUnsupported", "IHDR"),
        ["colour type 5"] = ("a.png", () => Chunks(new PngBuilder { Colour = 5 }, new byte[9]), "PngUnsupported", "IHDR"),
        ["interlace 2"] = ("a.png", () => Chunks(new PngBuilder { Interlace = 2 }, new byte[9]), "PngUnsupported", "IHDR"),
        ["lying size"] = ("a.png", () => Chunks(new PngBuilder { Width = 100000, Height = 100000 }, new byte[9]), "PngTruncated", "IDAT"),
        ["largest size"] =
            ("a.png", () => Chunks(new PngBuilder { Width = int.MaxValue, Height = int.MaxValue, Depth = 16, Colour = 6 }, new byte[9]), "PngTruncated", "IDAT"),
        ["rows missing"] = ("a.png", () => Chunks(new PngBuilder(), new PngBuilder().Rows()[..^7]), "PngTruncated", "IDAT"),
        ["rows too many"] = ("a.png", () => Chunks(new PngBuilder(), [.. new PngBuilder().Rows(), 0]), "PngDamaged", "IDAT"),
        ["unknown filter"] = ("a.png", () => Chunks(new PngBuilder(), Changed(new PngBuilder().Rows(), 0)), "PngDamaged", "IDAT"),
        ["no IDAT"] =
            ("a.png", () => [.. PngBuilder.Signature, .. PngBuilder.Chunk("IHDR", new PngBuilder().Header()), .. PngBuilder.Chunk("IEND", [])], "PngTruncated", "IDAT"),
        ["IDAT is not deflate"] = ("a.png", () => Raw(new PngBuilder(), [1, 2, 3, 4, 5, 6, 7, 8]), "PngDamaged", "IDAT"),
        ["IDAT checksum of the pixels"] =
            ("a.png", () => Raw(new PngBuilder(), Changed(PngBuilder.Deflate(new PngBuilder().Rows()), ^1)), "PngDamaged", "IDAT"),
        ["chunk checksum"] = ("a.png", () => Changed(new PngBuilder().File(), ^20), "PngDamaged", "IDAT"),
        ["chunk beyond the end"] = ("a.png", () => new PngBuilder().File()[..^30], "PngTruncated", "IDAT"),
        ["no IEND"] = ("a.png", () => new PngBuilder().File()[..^12], "PngTruncated", "IEND"),
        ["palette missing"] = ("a.png", () => new PngBuilder { Colour = 3 }.File(), "PngDamaged", "PLTE"),
        ["palette too short"] = ("a.png", () => new PngBuilder { Colour = 3, Palette = [1, 2, 3] }.File(), "PngDamaged", "PLTE"),
        ["palette of 4 bytes"] = ("a.png", () => new PngBuilder { Colour = 3, Palette = [1, 2, 3, 4] }.File(), "PngDamaged", "PLTE"),
        ["unknown critical chunk"] =
            ("a.png", () => [.. new PngBuilder().File()[..33], .. PngBuilder.Chunk("ABCD", []), .. new PngBuilder().File()[33..]], "PngDamaged", "ABCD"),
        ["empty tiff"] = ("a.tif", () => [], "TiffEmpty", "header"),
        ["text named tiff"] = ("a.tiff", () => "Not Found"u8.ToArray(), "TiffNotAnImage", "header"),
        ["tiff header alone"] = ("a.tif", () => [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0], "TiffDamaged", "image data"),
        ["tiff directory at the end of space"] = ("a.tif", () => [(byte)'I', (byte)'I', 42, 0, 0xff, 0xff, 0xff, 0xff], "TiffDamaged", "image data"),
        ["tiff without tags"] = ("a.tif", () => [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0], "TiffDamaged", "image data"),
        ["tiff of floats"] = ("a.tif", () => Tag(339, 3), "TiffUnsupported", "SampleFormat"),
        ["tiff of 12 bits"] = ("a.tif", () => Tag(258, 12), "TiffUnsupported", "BitsPerSample"),
        ["tiff of YCbCr"] = ("a.tif", () => Tag(262, 6), "TiffUnsupported", "PhotometricInterpretation"),
        ["tiff of another size"] = ("a.tif", () => Tag(256, 60000), "TiffTruncated", "ImageWidth"),
        ["tiff of width 0"] = ("a.tif", () => Tag(256, 0), "TiffDamaged", "image data"),
        ["empty jpeg"] = ("a.jpg", () => [], "JpegEmpty", "SOI"),
        ["png named jpeg"] = ("a.jpeg", () => new PngBuilder().File(), "JpegNotAnImage", "SOI"),
        ["jpeg cut in its header"] = ("a.jpg", () => [0xff, 0xd8, 0xff, 0xe0, 0, 16], "JpegNotAnImage", "SOI"),
        ["jpeg cut in its pixels"] = ("a.jpg", () => Jpeg()[..^100], "JpegDamaged", "scan data"),
        ["jpeg of another size"] = ("a.jpg", () => JpegOfSize(60000), "JpegDamaged", "SOF"),
    };

    public static TheoryData<string> Names => new(Cases.Keys);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Bad_pictures_give_one_clear_error_and_cost_little(string name)
    {
        var (file, bytes, errorId, field) = Cases[name];
        var path = _folder.File(file);
        File.WriteAllBytes(path, bytes());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<SegException>(() => ImageFile.Read(path, Micrometres));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytesAllocated);
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Recommendation);
    }

    [Fact]
    public void A_TIFF_cut_or_changed_anywhere_is_read_or_refused_but_never_crashes()
    {
        var path = _folder.File("a.tif");
        var whole = Tiff(Compression.LZW);
        for (var at = 0; at < whole.Length; at++)
        {
            File.WriteAllBytes(path, whole[..at]);
            Assert.True(Record.Exception(() => ImageFile.Read(path, Micrometres)) is null or SegException, $"cut at {at}");
            File.WriteAllBytes(path, Changed([.. whole], at));
            var failure = Record.Exception(() => ImageFile.Read(path, Micrometres));
            Assert.True(failure is null or SegException, $"byte {at}: {failure}");
            Assert.DoesNotContain("Arithmetic operation", failure?.Message ?? "", StringComparison.Ordinal);
            Assert.DoesNotContain("Index was", failure?.Message ?? "", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a.tif")]
    [InlineData("a.jpg")]
    public void The_header_of_a_large_file_costs_no_more_than_that_of_a_small_one(string name)
    {
        var path = _folder.File(name);
        File.WriteAllBytes(path, name == "a.jpg" ? Jpeg() : Tiff(Compression.NONE));
        using (var file = File.OpenWrite(path))
            file.SetLength(1 << 28);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var geometry = ImageFile.ReadInfo(path, Micrometres).Geometry;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytesAllocated);
        Assert.Equal(name == "a.jpg" ? (48, 64) : (TiffBuilder.Height, TiffBuilder.Width), (geometry.X, geometry.Y));
    }

    /// <summary>More in front of the picture than is read at first: six application segments of the largest size.</summary>
    [Fact]
    public void A_JPEG_with_a_long_header_is_read()
    {
        var path = _folder.File("a.jpg");
        byte[] segment = [0xff, 0xe9, 0xff, 0xff, .. new byte[65533]];
        File.WriteAllBytes(path, [0xff, 0xd8, .. Enumerable.Repeat(segment, 6).SelectMany(s => s), .. Jpeg()[2..]]);
        var geometry = ImageFile.ReadInfo(path, Micrometres).Geometry;
        Assert.Equal((48, 64), (geometry.X, geometry.Y));
    }

    [Fact]
    public void A_PNG_cut_anywhere_is_refused()
    {
        var path = _folder.File("a.png");
        var whole = new PngBuilder { Depth = 16, Colour = 6, Filter = -1 }.File();
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<SegException>(() => ImageFile.Read(path, Micrometres));
        }
    }

    private static byte[] Chunks(PngBuilder builder, byte[] rows) => Raw(builder, PngBuilder.Deflate(rows));

    private static byte[] Raw(PngBuilder builder, byte[] data) =>
    [
        .. PngBuilder.Signature, .. PngBuilder.Chunk("IHDR", builder.Header()), .. PngBuilder.Chunk("IDAT", data), .. PngBuilder.Chunk("IEND", []),
    ];

    private static byte[] Changed(byte[] bytes, Index at)
    {
        bytes[at] ^= 0xff;
        return bytes;
    }

    private static byte[] Jpeg()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(64, 48, SKColorType.Gray8, SKAlphaType.Opaque));
        new Random(1).NextBytes(bitmap.GetPixelSpan());
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return data.ToArray();
    }

    /// <summary>A JPEG whose frame header (FFC0: length, precision, height, width) says another size.</summary>
    private static byte[] JpegOfSize(ushort size)
    {
        var bytes = Jpeg();
        var frame = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0xc0]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 5), size);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 7), size);
        return bytes;
    }

    private static byte[] Tiff(Compression compression)
    {
        using var folder = new TemporaryFolder();
        TiffBuilder.Write(folder.File("t.tif"), "wl", 8, 1, Photometric.MINISBLACK, PlanarConfig.CONTIG, false, compression);
        return File.ReadAllBytes(folder.File("t.tif"));
    }

    /// <summary>A little-endian TIFF with one tag's value replaced, or added in place of RowsPerStrip.</summary>
    private static byte[] Tag(int tag, int value)
    {
        var bytes = Tiff(Compression.NONE);
        var directory = BitConverter.ToInt32(bytes, 4);
        var at = Enumerable.Range(0, BitConverter.ToInt16(bytes, directory)).Select(i => directory + 2 + (12 * i)).ToList();
        var entry = at.Find(e => BitConverter.ToUInt16(bytes, e) == tag);
        if (entry == 0)
        {
            entry = at[^1];
            BitConverter.TryWriteBytes(bytes.AsSpan(entry), (ushort)tag);
        }

        BitConverter.TryWriteBytes(bytes.AsSpan(entry + 2), (ushort)3);
        BitConverter.TryWriteBytes(bytes.AsSpan(entry + 4), 1);
        BitConverter.TryWriteBytes(bytes.AsSpan(entry + 8), value);
        return bytes;
    }
}
