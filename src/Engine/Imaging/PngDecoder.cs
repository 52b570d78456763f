using System.Buffers.Binary;
using System.IO.Compression;

namespace MedSeg.Engine.Imaging;

/// <summary>
/// Reads PNG files (ISO/IEC 15948) of every colour type, depth and interlace as gray. SkiaSharp decodes 16-bit samples to
/// 8 bits, so the container is read here; the decompression is .NET's.
/// </summary>
internal static class PngDecoder
{
    private const int MostBytesPerByte = 1032;
    private const string Fetch = "Fetch or export the file again.";

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    public static RasterInfo ReadInfo(string path)
    {
        using var file = ImageErrors.Open(path, ImageErrors.SmallBuffer);
        var start = new byte[33];
        var count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        var header = Header(path, start.AsSpan(0, count));
        return new(header.Height, header.Width, $"uint{header.Depth}");
    }

    /// <exception cref="SegException">PngEmpty, PngNotAnImage, PngDamaged, PngTruncated, PngDimensions or PngUnsupported.</exception>
    public static GrayImage Read(string path, CancellationToken ct)
    {
        var bytes = ImageBytes.ReadAll(path);
        var header = Header(path, bytes);
        var (data, palette) = Chunks(path, bytes, header);
        if (header.FilteredLength > (UInt128)data.Length * MostBytesPerByte)
        {
            throw ImageErrors.Invalid("PngTruncated", path, "IDAT",
                $"{data.Length} compressed bytes cannot hold {header.Width}×{header.Height} pixels.", Fetch);
        }

        if (header.FilteredLength > (UInt128)Array.MaxLength || (long)header.Width * header.Height > Array.MaxLength)
            throw ImageErrors.Unsupported("ImageTooLarge", path, "IHDR", $"{header.Width}×{header.Height} pixels.", "Split the image.");
        if (ImageBytes.IsUnusuallySmall(bytes.Length, sizeof(float) * (long)header.Width * header.Height))
            RequireContent(path, header, data, ct);
        using var inflate = new ZLibStream(data, CompressionMode.Decompress);
        try
        {
            return PngPixels.Decode(path, header, palette, inflate, ct);
        }
        catch (InvalidDataException error)
        {
            throw ImageErrors.Invalid("PngDamaged", path, "IDAT", "the compressed pixels are damaged.", Fetch, error);
        }
    }

    /// <summary>Decompresses without keeping anything, and leaves the data at their start.</summary>
    private static void RequireContent(string path, PngHeader header, MemoryStream data, CancellationToken ct)
    {
        using var inflate = new ZLibStream(data, CompressionMode.Decompress, leaveOpen: true);
        var buffer = new byte[1 << 16];
        UInt128 length = 0;
        try
        {
            for (int count; (count = inflate.Read(buffer)) > 0; length += (UInt128)count)
                ct.ThrowIfCancellationRequested();
        }
        catch (InvalidDataException error)
        {
            throw ImageErrors.Invalid("PngDamaged", path, "IDAT", "the compressed pixels are damaged.", Fetch, error);
        }

        if (length < header.FilteredLength)
        {
            throw ImageErrors.Invalid("PngTruncated", path, "IDAT",
                $"the pixels end after {length} bytes; {header.Width}×{header.Height} need {header.FilteredLength}.", Fetch);
        }

        data.Position = 0;
    }

    private static PngHeader Header(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            throw ImageErrors.Invalid("PngEmpty", path, "signature", "the file is empty.", Fetch);
        if (!bytes.StartsWith(Signature))
        {
            throw ImageErrors.Invalid("PngNotAnImage", path, "signature", "the content is not a PNG image.",
                "Check the file's type; rename or fetch it again.");
        }

        if (bytes.Length < 33)
            throw ImageErrors.Invalid("PngTruncated", path, "IHDR", $"the file ends after {bytes.Length} bytes.", Fetch);
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) != 13 || !bytes[12..16].SequenceEqual("IHDR"u8)
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[29..]) != Crc32.Of(bytes[12..29]))
        {
            throw ImageErrors.Invalid("PngDamaged", path, "IHDR", "the header is damaged (length, name or checksum).", Fetch);
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]), height = BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            throw ImageErrors.Invalid("PngDimensions", path, "IHDR", $"{width}×{height} pixels; both must be from 1 to 2147483647.", Fetch);
        var header = new PngHeader((int)width, (int)height, bytes[24], bytes[25], bytes[28] == 1);
        if (!header.IsValid || bytes[26] != 0 || bytes[27] != 0 || bytes[28] > 1)
        {
            throw ImageErrors.Invalid("PngUnsupported", path, "IHDR",
                $"bit depth {bytes[24]}, colour type {bytes[25]}, compression {bytes[26]}, filter {bytes[27]} and interlace {bytes[28]} "
                + "do not go together in a PNG file.", Fetch);
        }

        return header;
    }

    private static (MemoryStream Data, byte[] Palette) Chunks(string path, byte[] bytes, PngHeader header)
    {
        var data = new MemoryStream();
        byte[] palette = [];
        long at = 33;
        while (true)
        {
            if (at + 12 > bytes.Length)
                throw ImageErrors.Invalid("PngTruncated", path, "IEND", $"the file ends after {bytes.Length} bytes, before its last chunk.", Fetch);
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan((int)at));
            var name = System.Text.Encoding.Latin1.GetString(bytes, (int)at + 4, 4);
            if (length > bytes.Length - at - 12)
                throw ImageErrors.Invalid("PngTruncated", path, Field(name), $"the chunk of {length} bytes goes beyond the end of the file.", Fetch);
            var chunk = bytes.AsSpan((int)at + 8, (int)length);
            if (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan((int)(at + 8 + length))) != Crc32.Of(bytes.AsSpan((int)at + 4, (int)length + 4)))
                throw ImageErrors.Invalid("PngDamaged", path, Field(name), "the chunk's checksum is wrong.", Fetch);
            at += 12 + length;
            switch (name)
            {
                case "IDAT": data.Write(chunk); break;
                case "PLTE" when length % 3 == 0 && length is > 0 and <= 768: palette = chunk.ToArray(); break;
                case "PLTE": throw ImageErrors.Invalid("PngDamaged", path, "PLTE", $"a palette of {length} bytes.", Fetch);
                case "IEND":
                    if (header.ColourType == 3 && palette.Length == 0)
                        throw ImageErrors.Invalid("PngDamaged", path, "PLTE", "the palette is missing.", Fetch);
                    data.Position = 0;
                    return (data, palette);
                default:
                    if (char.IsAsciiLetterUpper(name[0]))
                        throw ImageErrors.Invalid("PngDamaged", path, Field(name), "an unknown chunk that must be understood to read the image.", Fetch);
                    break;
            }
        }
    }

    /// <summary>A chunk's name as text that is safe to show.</summary>
    private static string Field(string name) => name.All(char.IsAsciiLetter) ? name : "chunk";
}

/// <summary>The IHDR chunk.</summary>
internal sealed record PngHeader(int Width, int Height, int Depth, int ColourType, bool Interlaced)
{
    /// <summary>Samples per pixel.</summary>
    public int Samples => ColourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>The combinations of table 11.1 of the standard.</summary>
    public bool IsValid => ColourType switch
    {
        0 => Depth is 1 or 2 or 4 or 8 or 16,
        3 => Depth is 1 or 2 or 4 or 8,
        2 or 4 or 6 => Depth is 8 or 16,
        _ => false,
    };

    /// <summary>Bytes of one row of so many pixels, without its filter byte.</summary>
    public long RowBytes(long width) => ((width * Samples * Depth) + 7) / 8;

    /// <summary>Uncompressed bytes of all rows with their filter bytes; interlacing adds little, so this is a lower bound there.</summary>
    public UInt128 FilteredLength => (UInt128)Height * (UInt128)(RowBytes(Width) + (Interlaced ? 0 : 1));
}
