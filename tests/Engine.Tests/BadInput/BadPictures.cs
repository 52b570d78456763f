using System.Buffers.Binary;
using BitMiracle.LibTiff.Classic;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.BadInput.Fuzzing;
using MedSeg.Engine.Tests.Imaging;
using MedSeg.Engine.Tests.Support;

namespace MedSeg.Engine.Tests.BadInput;

/// <summary>PNG, TIFF and JPEG files of microscopes and their exports.</summary>
internal static class BadPictures
{
    private static readonly Dictionary<string, object?> Micrometres = new() { ["PixelSize"] = new object?[] { 1.0, 2.0 }, ["PixelSizeUnits"] = "um" };

    public static IEnumerable<BadCase> Cases =>
    [
        Case("GIF named .png", "em.png", [.. "GIF89a"u8, .. new byte[50]], "PngNotAnImage", "signature"),
        Case("BMP named .png", "em.png", [.. "BM"u8, .. new byte[60]], "PngNotAnImage", "signature"),
        Case("TIFF named .png", "em.png", Tiff(), "PngNotAnImage", "signature"),
        Case("NIfTI named .png", "em.png", new NiftiBuilder().File(), "PngNotAnImage", "signature"),
        Case("PNG of zeros", "em.png", new byte[300], "PngNotAnImage", "signature"),
        Case("PNG whose end is zeros", "em.png", Zeroed(new PngBuilder { Width = 60, Height = 60 }.File(), 0.5), "PngDamaged", "IDAT"),
        Case("PNG cut after its header", "em.png", new PngBuilder().File()[..33], "PngTruncated", "IEND"),
        Case("PNG of depth 0", "em.png", Png(new PngBuilder { Depth = 0 }), "PngUnsupported", "bit depth 0"),
        Case("PNG of colour type 1", "em.png", Png(new PngBuilder { Colour = 1 }), "PngUnsupported", "colour type 1"),
        Case("PNG of 16-bit palette", "em.png", Png(new PngBuilder { Colour = 3, Depth = 16, Palette = [1, 2, 3] }), "PngUnsupported", "bit depth 16"),
        Case("PNG of width 0", "em.png", Png(new PngBuilder { Width = 0 }), "PngDimensions", "0×4"),
        Case("PNG that claims a gigapixel in few bytes", "em.png", Png(new PngBuilder { Width = 30000, Height = 30000, Depth = 1 }, new byte[2_000_000]), "PngTruncated", "30000×30000"),
        Case("WebP named .jpg", "em.jpg", [.. "RIFF"u8, 40, 0, 0, 0, .. "WEBPVP8 "u8, .. new byte[30]], "JpegNotAnImage", "SOI"),
        Case("HEIC named .jpg", "em.jpg", [0, 0, 0, 24, .. "ftypheic"u8, .. new byte[30]], "JpegNotAnImage", "SOI"),
        Case("web page named .jpeg", "em.jpeg", "<!doctype html>"u8.ToArray(), "JpegNotAnImage", "SOI"),
        Case("start of a JPEG alone", "em.jpg", [0xFF, 0xD8, 0xFF], "JpegNotAnImage", "SOI"),
        Case("JPEG of zeros after its start", "em.jpg", [0xFF, 0xD8, .. new byte[500]], "JpegNotAnImage", "SOI"),
        Case("DICOM named .tif", "em.tif", [.. new byte[128], .. "DICM"u8], "TiffNotAnImage", "header"),
        Case("PNG named .tif", "em.tif", new PngBuilder().File(), "TiffNotAnImage", "header"),
        Case("TIFF of zeros", "em.tif", new byte[300], "TiffNotAnImage", "header"),
        Case("TIFF cut in the middle", "em.tif", Tiff()[..(Tiff().Length / 2)], "TiffDamaged", "directory"),
        Case("TIFF whose directory is zeros", "em.tif", Zeroed(Tiff(), 0.6), "TiffDamaged", "image data"),
        Case("BigTIFF that ends in its header", "em.tif", [(byte)'I', (byte)'I', 43, 0, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0], "TiffDamaged", "directory"),
        Case("TIFF with 60000 entries", "em.tif", Directory(bytes => BitConverter.TryWriteBytes(bytes, (ushort)60000)), "TiffDamaged", "entries"),
        Case("TIFF with a field of a billion values", "em.tif", Count(TiffTag.BITSPERSAMPLE, 1 << 30), "TiffDamaged", "tag 258"),
        Case("TIFF with a strip of a gigabyte", "em.tif", FirstOf(TiffTag.STRIPBYTECOUNTS, 1 << 30), "TiffDamaged", "StripByteCounts"),
        Case("TIFF of two billion rows", "em.tif", Value(TiffTag.IMAGELENGTH, int.MaxValue), "TiffDamaged", "RowsPerStrip"),
        Case("TIFF with strips beyond its end", "em.tif", Value(TiffTag.STRIPOFFSETS, 1 << 20), "TiffDamaged", "image data"),
        Case("TIFF without samples", "em.tif", Value(TiffTag.SAMPLESPERPIXEL, 0), "TiffDamaged", "image data"),
        Case("TIFF of 65 samples", "em.tif", Value(TiffTag.SAMPLESPERPIXEL, 65), "TiffDamaged", "SamplesPerPixel"),
        Case("TIFF of 24-bit samples", "em.tif", Value(TiffTag.BITSPERSAMPLE, 24), "TiffUnsupported", "BitsPerSample"),
        Case("TIFF of signed samples", "em.tif", Value(TiffTag.SAMPLEFORMAT, 2), "TiffUnsupported", "SampleFormat"),
        Case("TIFF of CIE L*a*b*", "em.tif", Value(TiffTag.PHOTOMETRIC, 8), "TiffUnsupported", "PhotometricInterpretation"),
        Case("TIFF compressed as JPEG 2000", "em.tif", Value(TiffTag.COMPRESSION, 33003), "TiffDamaged", "image data"),
        Case("TIFF with a next page that is itself", "em.tif", Endless(), "TiffDamaged", "image data"),
    ];

    private static BadCase Case(string name, string file, byte[] bytes, string id, string says) => new(
        name, file, folder => folder.Bytes(file, bytes),
        folder => BadFolder.Try(() =>
        {
            ImageFile.Read(folder.PathOf(file), Micrometres);
            ImageFile.ReadInfo(folder.PathOf(file), Micrometres);
        }),
        id, says);

    private static byte[] Png(PngBuilder builder, byte[]? rows = null) =>
    [
        .. PngBuilder.Signature, .. PngBuilder.Chunk("IHDR", builder.Header()), .. PngBuilder.Chunk("IDAT", PngBuilder.Deflate(rows ?? new byte[9])),
        .. PngBuilder.Chunk("IEND", []),
    ];

    private static byte[] Zeroed(byte[] bytes, double from)
    {
        var start = (int)(bytes.Length * from);
        Array.Clear(bytes, start, bytes.Length - start);
        return bytes;
    }

    /// <summary>21×18 gray pixels in strips, least significant byte first.</summary>
    private static byte[] Tiff() => Seed(0);

    private static byte[] Seed(int number)
    {
        using var folder = new TemporaryFolder();
        return TiffSeeds.All(folder.Path)[number];
    }

    private static byte[] Directory(Action<byte[]> change)
    {
        var bytes = Tiff();
        var at = BitConverter.ToInt32(bytes, 4);
        var directory = bytes[at..];
        change(directory);
        directory.CopyTo(bytes, at);
        return bytes;
    }

    private static byte[] Count(TiffTag tag, int count) => Directory(directory => BitConverter.TryWriteBytes(directory.AsSpan(Entry(directory, tag) + 4), count));

    /// <summary>One value in place of those of a tag, or in place of the last tag where there is none.</summary>
    private static byte[] Value(TiffTag tag, int value) => Directory(directory =>
    {
        var at = Entry(directory, tag);
        BinaryPrimitives.WriteUInt16LittleEndian(directory.AsSpan(at), (ushort)tag);
        BinaryPrimitives.WriteUInt16LittleEndian(directory.AsSpan(at + 2), (ushort)(value > ushort.MaxValue ? 4 : 3));
        BinaryPrimitives.WriteInt32LittleEndian(directory.AsSpan(at + 4), 1);
        BinaryPrimitives.WriteInt32LittleEndian(directory.AsSpan(at + 8), value);
    });

    /// <summary>The first of several 32-bit values of a compressed file that lie elsewhere in it.</summary>
    private static byte[] FirstOf(TiffTag tag, int value)
    {
        var bytes = Seed(1);
        var directory = BitConverter.ToInt32(bytes, 4);
        BitConverter.TryWriteBytes(bytes.AsSpan(BitConverter.ToInt32(bytes, directory + Entry(bytes[directory..], tag) + 8)), value);
        return bytes;
    }

    private static byte[] Endless()
    {
        var bytes = Tiff();
        var at = BitConverter.ToInt32(bytes, 4);
        BitConverter.TryWriteBytes(bytes.AsSpan(at + 2 + (12 * BitConverter.ToUInt16(bytes, at))), at);
        return bytes;
    }

    private static int Entry(byte[] directory, TiffTag tag)
    {
        var count = BitConverter.ToUInt16(directory);
        for (var i = 0; i < count; i++)
        {
            if (BitConverter.ToUInt16(directory, 2 + (12 * i)) == (int)tag)
                return 2 + (12 * i);
        }

        return 2 + (12 * (count - 1));
    }
}
