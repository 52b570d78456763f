using System.Globalization;
using BitMiracle.LibTiff.Classic;

namespace MedSeg.Engine.Imaging;

/// <summary>The fields of the first page that decide how it is read, checked.</summary>
internal sealed record TiffPage(
    int Height, int Width, int Bits, int Samples, Photometric Photometric, int StoredPlanes, int TileHeight, int TileWidth, int Orientation)
{
    /// <summary>Better than any compression of the format can do, so that sizes beyond it are lies.</summary>
    private const int MostBytesPerByte = 4096;

    /// <summary>PackBits says 128 bytes in 2.</summary>
    private const int MostBytesPerPackBitsByte = 64;

    private const string Fetch = "Fetch or export the file again.";

    /// <summary>The samples are floating-point numbers; else unsigned integers.</summary>
    public bool IsFloat { get; private init; }

    public string DataType => (IsFloat ? "float" : "uint") + Bits.ToString(CultureInfo.InvariantCulture);

    public bool Tiled => TileWidth > 0;

    /// <summary>Samples that make gray; alpha and others are left out.</summary>
    public int UsedSamples => Photometric == Photometric.RGB ? 3 : 1;

    /// <summary>Planes to read: 1 when the samples of a pixel lie together.</summary>
    public int Planes => StoredPlanes > 1 ? UsedSamples : 1;

    public int RowBytes(int width) => checked((width * (StoredPlanes > 1 ? 1 : Samples) * Bits) + 7) / 8;

    public static TiffPage Of(Tiff tiff, string path)
    {
        int width = Number(tiff, TiffTag.IMAGEWIDTH), height = Number(tiff, TiffTag.IMAGELENGTH);
        if (width < 1 || height < 1)
            throw ImageErrors.Invalid("TiffDimensions", path, "ImageWidth, ImageLength", $"{width}×{height} pixels.", Fetch);
        var separate = Number(tiff, TiffTag.PLANARCONFIG) == (int)PlanarConfig.SEPARATE;
        var samples = Number(tiff, TiffTag.SAMPLESPERPIXEL);
        var photometric = (Photometric)Number(tiff, TiffTag.PHOTOMETRIC);

        // The JPEG codec turns luminance and colour differences into RGB of full size by itself.
        if (photometric == Photometric.YCBCR && Number(tiff, TiffTag.COMPRESSION) == (int)Compression.JPEG
            && tiff.SetField(TiffTag.JPEGCOLORMODE, JpegColorMode.RGB))
        {
            photometric = Photometric.RGB;
        }

        var page = new TiffPage(
            height, width, Number(tiff, TiffTag.BITSPERSAMPLE), samples, photometric,
            separate && samples > 1 ? samples : 1, tiff.IsTiled() ? Number(tiff, TiffTag.TILELENGTH) : 0,
            tiff.IsTiled() ? Number(tiff, TiffTag.TILEWIDTH) : 0, Number(tiff, TiffTag.ORIENTATION))
        {
            IsFloat = Number(tiff, TiffTag.SAMPLEFORMAT) == (int)SampleFormat.IEEEFP,
        };
        page.CheckKind(tiff, path);
        page.CheckSize(tiff, path);
        CheckPieces(tiff, path);
        return page;
    }

    private static int Number(Tiff tiff, TiffTag tag) => tiff.GetFieldDefaulted(tag)?[0].ToInt() ?? 0;

    private void CheckKind(Tiff tiff, string path)
    {
        var format = Number(tiff, TiffTag.SAMPLEFORMAT);
        if (!IsFloat && format is not (0 or (int)SampleFormat.UINT or (int)SampleFormat.VOID))
            throw Unsupported(path, "SampleFormat", $"{(SampleFormat)format} samples");
        if (IsFloat && (Bits is not (16 or 32 or 64) || Photometric == Photometric.PALETTE))
            throw Unsupported(path, "SampleFormat", $"{Photometric} samples of {Bits}-bit floating point");
        if (!IsFloat && Bits is not (1 or 2 or 4 or 8 or 16))
            throw Unsupported(path, "BitsPerSample", $"{Bits} bits per sample");
        if (Photometric is not (Photometric.MINISBLACK or Photometric.MINISWHITE or Photometric.RGB or Photometric.PALETTE)
            || (Photometric == Photometric.PALETTE && Bits > 8))
        {
            throw Unsupported(path, "PhotometricInterpretation", $"{Photometric}");
        }

        if (Samples < UsedSamples || Samples > 64)
            throw ImageErrors.Invalid("TiffDamaged", path, "SamplesPerPixel", $"{Samples}.", Fetch);
    }

    private void CheckSize(Tiff tiff, string path)
    {
        if (Tiled && (TileWidth < 1 || TileHeight < 1))
            throw ImageErrors.Invalid("TiffDimensions", path, "TileWidth, TileLength", $"{TileWidth}×{TileHeight}.", Fetch);
        var fileLength = ((TiffInput)tiff.Clientdata()).Content.Length;
        var most = fileLength * (Compression)Number(tiff, TiffTag.COMPRESSION) switch
        {
            Compression.NONE => 1,
            Compression.PACKBITS => MostBytesPerPackBitsByte,
            _ => MostBytesPerByte,
        };
        var bytes = (UInt128)Height * (UInt128)Width * (UInt128)Samples * (UInt128)Bits / 8;
        var tile = (UInt128)TileHeight * (UInt128)TileWidth * (UInt128)Samples * (UInt128)Bits / 8;
        if (bytes > (UInt128)most || tile > (UInt128)most)
        {
            throw ImageErrors.Invalid("TiffTruncated", path, "ImageWidth, ImageLength",
                $"{Width}×{Height} pixels need more bytes than the file can hold ({most}).", Fetch);
        }

        if ((UInt128)Height * (UInt128)Width * (UInt128)UsedSamples > (UInt128)(Array.MaxLength / 2))
            throw ImageErrors.Unsupported("ImageTooLarge", path, "ImageWidth, ImageLength", $"{Width}×{Height} pixels.", "Split the image.");
    }

    /// <summary>LibTiff makes room for a strip or tile by the size that the directory gives it, before it reads.</summary>
    private static void CheckPieces(Tiff tiff, string path)
    {
        var most = ((TiffInput)tiff.Clientdata()).Content.Length;
        var pieces = tiff.IsTiled() ? tiff.NumberOfTiles() : tiff.NumberOfStrips();
        for (var piece = 0; piece < pieces; piece++)
        {
            var bytes = tiff.RawStripSize(piece);
            if (bytes < 0 || bytes > most)
            {
                throw ImageErrors.Invalid("TiffDamaged", path, tiff.IsTiled() ? "TileByteCounts" : "StripByteCounts",
                    $"piece {piece} is said to have {bytes} bytes, and the file has {most}.", Fetch);
            }
        }
    }

    private static SegException Unsupported(string path, string field, string what) => ImageErrors.Unsupported(
        "TiffUnsupported", path, field, $"{what} are not supported.", "Save the image as 8- or 16-bit gray or RGB.");
}
