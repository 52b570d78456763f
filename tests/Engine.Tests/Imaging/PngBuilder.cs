using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MedSeg.Engine.Tests.Imaging;

/// <summary>Makes PNG files of every kind, independently of the engine, so that tests can make wrong ones.</summary>
internal sealed class PngBuilder
{
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public uint Width { get; set; } = 5;

    public uint Height { get; set; } = 4;

    public int Depth { get; set; } = 8;

    /// <summary>0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA.</summary>
    public int Colour { get; set; }

    public int Interlace { get; set; }

    /// <summary>Filter of row y; −1 for y modulo 5.</summary>
    public int Filter { get; set; }

    public byte[]? Palette { get; set; }

    /// <summary>Sample s of the pixel at x, y.</summary>
    public Func<int, int, int, int> Sample { get; set; } = (x, y, s) => (x * 40) + (y * 3) + s;

    private int Samples => Colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public byte[] File() =>
    [
        .. Signature, .. Chunk("IHDR", Header()), .. Palette is null ? [] : Chunk("PLTE", Palette),
        .. Chunk("tEXt", "Comment\0by a test"u8.ToArray()), .. Chunk("IDAT", Deflate(Rows())), .. Chunk("IEND", []),
    ];

    public static byte[] Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    public byte[] Header()
    {
        var header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, Width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9], header[12]) = ((byte)Depth, (byte)Colour, (byte)Interlace);
        return header;
    }

    public static byte[] Chunk(string name, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. data];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc(body));
        return [.. length, .. body, .. crc];
    }

    public static byte[] Deflate(byte[] data)
    {
        using var memory = new MemoryStream();
        using (var zlib = new ZLibStream(memory, CompressionLevel.Fastest))
            zlib.Write(data);
        return memory.ToArray();
    }

    /// <summary>Filtered rows of all passes.</summary>
    public byte[] Rows()
    {
        var rows = new List<byte>();
        foreach (var (x0, y0, stepX, stepY) in Interlace == 1 ? Adam7 : [(0, 0, 1, 1)])
        {
            byte[]? previous = null;
            for (var y = y0; y < Height && x0 < Width; y += stepY)
            {
                var row = Row(y, x0, stepX);
                var filter = Filter < 0 ? y % 5 : Filter;
                rows.Add((byte)filter);
                rows.AddRange(Filtered(row, previous ?? new byte[row.Length], filter));
                previous = row;
            }
        }

        return [.. rows];
    }

    private byte[] Row(int y, int x0, int stepX)
    {
        var bits = new StringBuilder();
        for (var x = x0; x < Width; x += stepX)
        {
            for (var s = 0; s < Samples; s++)
                bits.Append(Convert.ToString(Sample(x, y, s) & ((1 << Depth) - 1), 2).PadLeft(Depth, '0'));
        }

        while (bits.Length % 8 != 0)
            bits.Append('0');
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.ToString(8 * i, 8), 2))];
    }

    private byte[] Filtered(byte[] row, byte[] up, int filter)
    {
        var distance = Math.Max(1, Samples * Depth / 8);
        return [.. row.Select((value, i) =>
        {
            int a = i < distance ? 0 : row[i - distance], b = up[i], c = i < distance ? 0 : up[i - distance];
            var p = a + b - c;
            int pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
            var prediction = filter switch
            {
                1 => a,
                2 => b,
                3 => (a + b) / 2,
                4 => pa <= pb && pa <= pc ? a : pb <= pc ? b : c,
                _ => 0,
            };
            return (byte)(value - prediction);
        })];
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
