using System.Buffers.Binary;
using BitMiracle.LibTiff.Classic;

namespace MedSeg.Engine.Imaging;

/// <summary>Reads the first page of a TIFF file as gray, by LibTiff.NET: strips and tiles, 1 to 16 bits, gray, palette and RGB.</summary>
internal static class TiffDecoder
{
    /// <summary>Better than LZW or deflate can do, so that sizes beyond it are lies.</summary>
    private const int MostBytesPerByte = 4096;

    private const string Fetch = "Fetch or export the file again.";

    static TiffDecoder() => TiffInput.KeepQuiet();

    public static RasterInfo ReadInfo(string path) => WithTiff(path, tiff =>
    {
        var page = TiffPage.Of(tiff, path);
        var info = new RasterInfo(page.Height, page.Width, $"uint{page.Bits}");
        if (tiff.NumberOfDirectories() > 1)
        {
            info.Findings.Add(new(FindingSeverity.Warning, "IFD",
                $"The file has {tiff.NumberOfDirectories()} pages; the first is read.", "Save the pages as separate files."));
        }

        if (page.Orientation != 1)
        {
            info.Findings.Add(new(FindingSeverity.Warning, "Orientation",
                $"{page.Orientation}; rows and columns are read as they are stored.", "Save the image upright."));
        }

        return info;
    });

    /// <exception cref="SegException">TiffEmpty, TiffNotAnImage, TiffDamaged, TiffDimensions, TiffTruncated or TiffUnsupported.</exception>
    public static GrayImage Read(string path, CancellationToken ct) => WithTiff(path, tiff =>
    {
        var page = TiffPage.Of(tiff, path);
        var samples = new ushort[checked(page.Height * page.Width * page.UsedSamples)];
        if (page.Tiled)
            ReadTiles(tiff, page, samples, ct);
        else
            ReadRows(tiff, page, samples, ct);
        return new GrayImage(page.Height, page.Width, Gray(tiff, page, samples, path));
    });

    private static T WithTiff<T>(string path, Func<Tiff, T> use)
    {
        using var file = ImageErrors.Open(path);
        var head = ImageBytes.Head(file, path, 4);
        if (head.Length == 0)
            throw ImageErrors.Invalid("TiffEmpty", path, "header", "the file is empty.", Fetch);
        if (head is not [(byte)'I', (byte)'I', 42 or 43, 0, ..] and not [(byte)'M', (byte)'M', 0, 42 or 43, ..])
            throw ImageErrors.Invalid("TiffNotAnImage", path, "header", "the content is not a TIFF image.", "Check the file's type; rename or fetch it again.");
        var input = new TiffInput(file);
        try
        {
            using var tiff = Tiff.ClientOpen(path, "r", input, new TiffInput.Reader())
                ?? throw new InvalidDataException("The directory could not be read.");
            return use(tiff);
        }
        catch (IOException error)
        {
            throw ImageErrors.CannotRead(path, error);
        }
        catch (Exception error) when (error is not (SegException or OperationCanceledException))
        {
            // LibTiff answers damaged files with its own messages and with every kind of exception, whose texts say nothing about the file.
            var detail = input.FirstError.Length > 0 ? input.FirstError
                : error is InvalidDataException ? error.Message
                : "The fields of the directory contradict each other or the size of the file.";
            throw ImageErrors.Invalid("TiffDamaged", path, "image data", detail, Fetch, error);
        }
    }

    private static void ReadRows(Tiff tiff, TiffPage page, ushort[] samples, CancellationToken ct)
    {
        var row = new byte[Math.Max(tiff.ScanlineSize(), page.RowBytes(page.Width))];
        for (var plane = 0; plane < page.Planes; plane++)
        {
            for (var y = 0; y < page.Height; y++)
            {
                ct.ThrowIfCancellationRequested();
                if (!tiff.ReadScanline(row, 0, y, (short)plane))
                    throw new InvalidDataException($"Row {y} of {page.Height} could not be decoded.");
                Take(page, row, plane, y, 0, page.Width, samples);
            }
        }
    }

    private static void ReadTiles(Tiff tiff, TiffPage page, ushort[] samples, CancellationToken ct)
    {
        var tile = new byte[Math.Max(tiff.TileSize(), checked(page.RowBytes(page.TileWidth) * page.TileHeight))];
        for (var plane = 0; plane < page.Planes; plane++)
        {
            for (var y = 0; y < page.Height; y += page.TileHeight)
            {
                for (var x = 0; x < page.Width; x += page.TileWidth)
                {
                    ct.ThrowIfCancellationRequested();
                    if (tiff.ReadTile(tile, 0, x, y, 0, (short)plane) < 0)
                        throw new InvalidDataException($"The tile at row {y}, column {x} could not be decoded.");
                    var columns = Math.Min(page.TileWidth, page.Width - x);
                    for (var row = 0; row < Math.Min(page.TileHeight, page.Height - y); row++)
                        Take(page, tile.AsSpan(row * page.RowBytes(page.TileWidth)), plane, y + row, x, columns, samples);
                }
            }
        }
    }

    /// <summary>The samples that make gray, from one stored row (LibTiff has put 16-bit samples in the machine's byte order).</summary>
    private static void Take(TiffPage page, ReadOnlySpan<byte> row, int plane, int y, int x, int columns, ushort[] samples)
    {
        var stored = page.Planes > 1 ? 1 : page.Samples;
        var used = page.Planes > 1 ? 1 : page.UsedSamples;
        for (var column = 0; column < columns; column++)
        {
            var to = ((((y * page.Width) + x + column) * page.UsedSamples)) + plane;
            for (var s = 0; s < used; s++)
                samples[to + s] = Sample(row, (column * stored) + s, page.Bits);
        }
    }

    private static ushort Sample(ReadOnlySpan<byte> row, int index, int bits)
    {
        switch (bits)
        {
            case 8: return row[index];
            case 16:
                var pair = row[(2 * index)..];
                return BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(pair) : BinaryPrimitives.ReadUInt16BigEndian(pair);
            default:
                var bit = index * bits;
                return (ushort)((row[bit / 8] >> (8 - bits - (bit % 8))) & ((1 << bits) - 1));
        }
    }

    private static float[] Gray(Tiff tiff, TiffPage page, ushort[] samples, string path)
    {
        var gray = new float[page.Height * page.Width];
        var maximum = (1 << page.Bits) - 1;
        switch (page.Photometric)
        {
            case Photometric.RGB:
                for (var i = 0; i < gray.Length; i++)
                    gray[i] = GrayImage.Luma(samples[3 * i], samples[(3 * i) + 1], samples[(3 * i) + 2], maximum);
                break;
            case Photometric.PALETTE:
                var map = tiff.GetField(TiffTag.COLORMAP)
                    ?? throw ImageErrors.Invalid("TiffDamaged", path, "ColorMap", "is missing.", Fetch);
                ushort[] red = map[0].ToUShortArray(), green = map[1].ToUShortArray(), blue = map[2].ToUShortArray();
                for (var i = 0; i < gray.Length; i++)
                    gray[i] = GrayImage.Luma(red[samples[i]], green[samples[i]], blue[samples[i]], ushort.MaxValue);
                break;
            case Photometric.MINISWHITE:
                for (var i = 0; i < gray.Length; i++)
                    gray[i] = GrayImage.Level(maximum - samples[i], maximum);
                break;
            default:
                for (var i = 0; i < gray.Length; i++)
                    gray[i] = GrayImage.Level(samples[i], maximum);
                break;
        }

        return gray;
    }

    /// <summary>The fields of the first page that decide how it is read, checked.</summary>
    private sealed record TiffPage(
        int Height, int Width, int Bits, int Samples, Photometric Photometric, int StoredPlanes, int TileHeight, int TileWidth, int Orientation)
    {
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
            var page = new TiffPage(
                height, width, Number(tiff, TiffTag.BITSPERSAMPLE), samples, (Photometric)Number(tiff, TiffTag.PHOTOMETRIC),
                separate && samples > 1 ? samples : 1, tiff.IsTiled() ? Number(tiff, TiffTag.TILELENGTH) : 0,
                tiff.IsTiled() ? Number(tiff, TiffTag.TILEWIDTH) : 0, Number(tiff, TiffTag.ORIENTATION));
            page.CheckKind(tiff, path);
            page.CheckSize(tiff, path);
            return page;
        }

        private static int Number(Tiff tiff, TiffTag tag) => tiff.GetFieldDefaulted(tag)?[0].ToInt() ?? 0;

        private void CheckKind(Tiff tiff, string path)
        {
            var format = Number(tiff, TiffTag.SAMPLEFORMAT);
            if (format is not (0 or (int)SampleFormat.UINT or (int)SampleFormat.VOID))
                throw Unsupported(path, "SampleFormat", $"{(SampleFormat)format} samples");
            if (Bits is not (1 or 2 or 4 or 8 or 16))
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
            var most = Number(tiff, TiffTag.COMPRESSION) == (int)Compression.NONE ? fileLength : fileLength * MostBytesPerByte;
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

        private static SegException Unsupported(string path, string field, string what) => ImageErrors.Unsupported(
            "TiffUnsupported", path, field, $"{what} are not supported.", "Save the image as 8- or 16-bit gray or RGB.");
    }
}
