using System.Buffers.Binary;
using BitMiracle.LibTiff.Classic;

namespace MedSeg.Engine.Imaging;

/// <summary>
/// Reads the first page of a TIFF file as gray, by LibTiff.NET: strips and tiles; gray, palette, RGB and YCbCr compressed as JPEG; 1 to 16
/// bits or floating point.
/// </summary>
internal static class TiffDecoder
{
    private const string Fetch = "Fetch or export the file again.";

    static TiffDecoder() => TiffInput.KeepQuiet();

    public static RasterInfo ReadInfo(string path) => WithTiff(path, tiff =>
    {
        var page = TiffPage.Of(tiff, path);
        var info = new RasterInfo(page.Height, page.Width, page.DataType);
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
        var gray = page.IsFloat
            ? Gray(page, Samples<float, FloatSamples>(tiff, page, ct))
            : Gray(tiff, page, Samples<ushort, IntegerSamples>(tiff, page, ct), path);
        return new GrayImage(page.Height, page.Width, gray);
    });

    /// <summary>How one sample is stored (LibTiff has put samples of 16 bits and more in the machine's byte order).</summary>
    private interface ISampleFormat<T>
    {
        static abstract T Read(ReadOnlySpan<byte> row, int index, int bits);
    }

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
            TiffDirectoryCheck.Check(file, path);
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

    private static T[] Samples<T, TFormat>(Tiff tiff, TiffPage page, CancellationToken ct)
        where TFormat : ISampleFormat<T>
    {
        var count = checked(page.Height * page.Width * page.UsedSamples);
        if (ImageBytes.IsUnusuallySmall(((TiffInput)tiff.Clientdata()).Content.Length, (long)count * sizeof(float)))
            Decode<T, TFormat>(tiff, page, null, ct);
        var samples = new T[count];
        Decode<T, TFormat>(tiff, page, samples, ct);
        return samples;
    }

    /// <param name="samples">Receives the samples that make gray; null only finds out whether they can be decoded.</param>
    private static void Decode<T, TFormat>(Tiff tiff, TiffPage page, T[]? samples, CancellationToken ct)
        where TFormat : ISampleFormat<T>
    {
        if (page.Tiled)
            ReadTiles<T, TFormat>(tiff, page, samples, ct);
        else
            ReadRows<T, TFormat>(tiff, page, samples, ct);
    }

    private static void ReadRows<T, TFormat>(Tiff tiff, TiffPage page, T[]? samples, CancellationToken ct)
        where TFormat : ISampleFormat<T>
    {
        var row = new byte[Math.Max(tiff.ScanlineSize(), page.RowBytes(page.Width))];
        for (var plane = 0; plane < page.Planes; plane++)
        {
            for (var y = 0; y < page.Height; y++)
            {
                ct.ThrowIfCancellationRequested();
                if (!tiff.ReadScanline(row, 0, y, (short)plane))
                    throw new InvalidDataException($"Row {y} of {page.Height} could not be decoded.");
                Take<T, TFormat>(page, row, plane, y, 0, page.Width, samples);
            }
        }
    }

    private static void ReadTiles<T, TFormat>(Tiff tiff, TiffPage page, T[]? samples, CancellationToken ct)
        where TFormat : ISampleFormat<T>
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
                        Take<T, TFormat>(page, tile.AsSpan(row * page.RowBytes(page.TileWidth)), plane, y + row, x, columns, samples);
                }
            }
        }
    }

    /// <summary>The samples that make gray, from one stored row.</summary>
    private static void Take<T, TFormat>(TiffPage page, ReadOnlySpan<byte> row, int plane, int y, int x, int columns, T[]? samples)
        where TFormat : ISampleFormat<T>
    {
        if (samples is null)
            return;
        var stored = page.Planes > 1 ? 1 : page.Samples;
        var used = page.Planes > 1 ? 1 : page.UsedSamples;
        for (var column = 0; column < columns; column++)
        {
            var to = ((((y * page.Width) + x + column) * page.UsedSamples)) + plane;
            for (var s = 0; s < used; s++)
                samples[to + s] = TFormat.Read(row, (column * stored) + s, page.Bits);
        }
    }

    /// <summary>1 is white in a picture of floating-point samples, whatever its largest value is.</summary>
    private static float[] Gray(TiffPage page, float[] samples)
    {
        var gray = new float[page.Height * page.Width];
        for (var i = 0; i < gray.Length; i++)
        {
            gray[i] = 255 * page.Photometric switch
            {
                Photometric.RGB => (0.299f * samples[3 * i]) + (0.587f * samples[(3 * i) + 1]) + (0.114f * samples[(3 * i) + 2]),
                Photometric.MINISWHITE => 1 - samples[i],
                _ => samples[i],
            };
        }

        return gray;
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

    private sealed class IntegerSamples : ISampleFormat<ushort>
    {
        public static ushort Read(ReadOnlySpan<byte> row, int index, int bits)
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
    }

    private sealed class FloatSamples : ISampleFormat<float>
    {
        public static float Read(ReadOnlySpan<byte> row, int index, int bits) => bits switch
        {
            16 => (float)BitConverter.ToHalf(row[(2 * index)..]),
            32 => BitConverter.ToSingle(row[(4 * index)..]),
            _ => (float)BitConverter.ToDouble(row[(8 * index)..]),
        };
    }
}
