using BitMiracle.LibTiff.Classic;

namespace MedSeg.Engine.Tests.Imaging;

/// <summary>Writes one small TIFF picture in every layout.</summary>
internal static class TiffBuilder
{
    public const int Width = 21;
    public const int Height = 18;
    private const int Tile = 16;

    public static void Write(
        string path, string order, int bits, int samples, Photometric photometric, PlanarConfig planar, bool tiled, Compression compression)
    {
        using var tiff = Tiff.Open(path, order);
        tiff.SetField(TiffTag.IMAGEWIDTH, Width);
        tiff.SetField(TiffTag.IMAGELENGTH, Height);
        tiff.SetField(TiffTag.BITSPERSAMPLE, bits);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, samples);
        tiff.SetField(TiffTag.PHOTOMETRIC, photometric);
        tiff.SetField(TiffTag.PLANARCONFIG, planar);
        tiff.SetField(TiffTag.COMPRESSION, compression);
        var extra = samples - (photometric == Photometric.RGB ? 3 : 1);
        if (extra > 0)
            tiff.SetField(TiffTag.EXTRASAMPLES, extra, new short[] { 2 });
        if (photometric == Photometric.PALETTE)
            tiff.SetField(TiffTag.COLORMAP, Map(0), Map(1), Map(2));
        if (tiled)
        {
            tiff.SetField(TiffTag.TILEWIDTH, Tile);
            tiff.SetField(TiffTag.TILELENGTH, Tile);
        }
        else
        {
            tiff.SetField(TiffTag.ROWSPERSTRIP, 5);
        }

        for (var plane = 0; plane < (planar == PlanarConfig.SEPARATE ? samples : 1); plane++)
        {
            var (first, count) = planar == PlanarConfig.SEPARATE ? (plane, 1) : (0, samples);
            if (tiled)
                WriteTiles(tiff, bits, first, count, (short)plane);
            else
                WriteRows(tiff, bits, first, count, (short)plane);
        }
    }

    /// <summary>A picture of floating-point samples; value gives each by column, row and channel.</summary>
    public static void WriteFloats(string path, string order, int bits, int samples, Photometric photometric, Compression compression, Func<int, int, int, double> value)
    {
        using var tiff = Tiff.Open(path, order);
        Describe(tiff, bits, samples, photometric, compression);
        tiff.SetField(TiffTag.SAMPLEFORMAT, SampleFormat.IEEEFP);
        for (var y = 0; y < Height; y++)
        {
            var row = new byte[Width * samples * bits / 8];
            for (var i = 0; i < Width * samples; i++)
            {
                var sample = value(i / samples, y, i % samples);
                var at = row.AsSpan(i * bits / 8);
                _ = bits switch
                {
                    16 => BitConverter.TryWriteBytes(at, (Half)sample),
                    32 => BitConverter.TryWriteBytes(at, (float)sample),
                    _ => BitConverter.TryWriteBytes(at, sample),
                };
            }

            tiff.WriteScanline(row, y);
        }
    }

    /// <summary>A smooth colour picture that is stored as luminance and colour differences in JPEG.</summary>
    public static void WriteYCbCr(string path, Func<int, int, int, byte> value)
    {
        using var tiff = Tiff.Open(path, "w");
        Describe(tiff, 8, 3, Photometric.YCBCR, Compression.JPEG);
        tiff.SetField(TiffTag.ROWSPERSTRIP, 16);
        tiff.SetField(TiffTag.JPEGQUALITY, 95);
        tiff.SetField(TiffTag.JPEGCOLORMODE, JpegColorMode.RGB);
        for (var y = 0; y < Height; y++)
            tiff.WriteScanline([.. Enumerable.Range(0, Width * 3).Select(i => value(i / 3, y, i % 3))], y);
    }

    private static void Describe(Tiff tiff, int bits, int samples, Photometric photometric, Compression compression)
    {
        tiff.SetField(TiffTag.IMAGEWIDTH, Width);
        tiff.SetField(TiffTag.IMAGELENGTH, Height);
        tiff.SetField(TiffTag.BITSPERSAMPLE, bits);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, samples);
        tiff.SetField(TiffTag.PLANARCONFIG, PlanarConfig.CONTIG);
        tiff.SetField(TiffTag.COMPRESSION, compression);
        tiff.SetField(TiffTag.PHOTOMETRIC, photometric);
    }

    /// <summary>The gray that the documented rule gives.</summary>
    public static double Gray(int x, int y, int bits, Photometric photometric)
    {
        double maximum = (1 << bits) - 1;
        double Level(int s) => Sample(x, y, s, bits) * 255 / maximum;
        return photometric switch
        {
            Photometric.RGB => (0.299 * Level(0)) + (0.587 * Level(1)) + (0.114 * Level(2)),
            Photometric.MINISWHITE => 255 - Level(0),
            Photometric.PALETTE => ((0.299 * Map(0)[Sample(x, y, 0, 8)]) + (0.587 * Map(1)[Sample(x, y, 0, 8)]) + (0.114 * Map(2)[Sample(x, y, 0, 8)])) / 257,
            _ => Level(0),
        };
    }

    private static int Sample(int x, int y, int s, int bits) => (((x * 7919) + (y * 104729) + (s * 15485863)) >> 3) & ((1 << bits) - 1);

    private static ushort[] Map(int colour) => [.. Enumerable.Range(0, 256).Select(i => (ushort)(i * (200 + (10 * colour))))];

    private static void WriteRows(Tiff tiff, int bits, int first, int count, short plane)
    {
        for (var y = 0; y < Height; y++)
            tiff.WriteScanline(Row(y, 0, Width, bits, first, count), y, plane);
    }

    private static void WriteTiles(Tiff tiff, int bits, int first, int count, short plane)
    {
        for (var y = 0; y < Height; y += Tile)
        {
            for (var x = 0; x < Width; x += Tile)
            {
                byte[] tile = [.. Enumerable.Range(y, Tile).SelectMany(row => Row(row, x, Tile, bits, first, count))];
                tiff.WriteTile(tile, x, y, 0, plane);
            }
        }
    }

    private static byte[] Row(int y, int x0, int width, int bits, int first, int count)
    {
        var row = new byte[((width * count * bits) + 7) / 8];
        for (var i = 0; i < width * count; i++)
        {
            var value = Sample(x0 + (i / count), y, first + (i % count), bits);
            if (bits == 16)
                BitConverter.TryWriteBytes(row.AsSpan(2 * i), (ushort)value);
            else
                row[i * bits / 8] |= (byte)(value << (8 - bits - (i * bits % 8)));
        }

        return row;
    }
}
