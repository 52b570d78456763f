using System.Buffers.Binary;
using System.IO.Compression;

namespace MedSeg.Engine.Tests.Imaging;

/// <summary>Makes NIfTI files field by field, independently of the engine, so that tests can make wrong ones.</summary>
internal sealed class NiftiBuilder
{
    /// <summary>1 or 2.</summary>
    public int Version { get; set; } = 1;

    public bool BigEndian { get; set; }

    public bool Pair { get; set; }

    public byte[]? Magic { get; set; }

    public int? SizeOfHeader { get; set; }

    public long[] Dim { get; set; } = [3, 2, 3, 4, 1, 1, 1, 1];

    public int DataType { get; set; } = 4;

    public int BitPix { get; set; } = 16;

    public double[] PixDim { get; set; } = [1, 1, 1, 1, 1, 1, 1, 1];

    public double? VoxOffset { get; set; }

    public double Slope { get; set; }

    public double Inter { get; set; }

    public int Units { get; set; } = 2;

    public int Qform { get; set; }

    public int Sform { get; set; } = 1;

    public double[] Quatern { get; set; } = [0, 0, 0];

    public double[] QOffset { get; set; } = [0, 0, 0];

    public double[] SRow { get; set; } = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

    public string Descrip { get; set; } = "made by a test";

    /// <summary>The four bytes after the header and what follows them.</summary>
    public byte[] Extension { get; set; } = [0, 0, 0, 0];

    /// <summary>The voxels as stored; null gives as many zeros as the header asks for.</summary>
    public byte[]? Data { get; set; }

    private int HeaderSize => Version == 1 ? 348 : 540;

    /// <summary>The first bytes of the file, up to the extension.</summary>
    public byte[] Header()
    {
        var one = Version == 1;
        var b = new byte[HeaderSize];
        Int(b, 0, SizeOfHeader ?? HeaderSize, 4);
        for (var i = 0; i < 8; i++)
        {
            Int(b, one ? 40 + (2 * i) : 16 + (8 * i), Dim[i], one ? 2 : 8);
            Real(b, one ? 76 + (4 * i) : 104 + (8 * i), PixDim[i]);
        }

        Int(b, one ? 70 : 12, DataType, 2);
        Int(b, one ? 72 : 14, BitPix, 2);
        var offset = VoxOffset ?? (Pair ? 0 : HeaderSize + Extension.Length);
        if (one)
            Real(b, 108, offset);
        else
            Int(b, 168, (long)offset, 8);
        Real(b, one ? 112 : 176, Slope);
        Real(b, one ? 116 : 184, Inter);
        Int(b, one ? 123 : 500, Units, one ? 1 : 4);
        Int(b, one ? 252 : 344, Qform, one ? 2 : 4);
        Int(b, one ? 254 : 348, Sform, one ? 2 : 4);
        for (var i = 0; i < 3; i++)
        {
            Real(b, one ? 256 + (4 * i) : 352 + (8 * i), Quatern[i]);
            Real(b, one ? 268 + (4 * i) : 376 + (8 * i), QOffset[i]);
        }

        for (var i = 0; i < 12; i++)
            Real(b, one ? 280 + (4 * i) : 400 + (8 * i), SRow[i]);
        System.Text.Encoding.ASCII.GetBytes(Descrip).CopyTo(b, one ? 148 : 240);
        var letter = Pair ? "i" : "+";
        var magic = Magic ?? System.Text.Encoding.Latin1.GetBytes(one ? $"n{letter}1\0" : $"n{letter}2\0\r\n\x1a\n");
        magic.CopyTo(b, one ? 344 : 4);
        return b;
    }

    /// <summary>Header and voxels in one file.</summary>
    public byte[] File() => [.. Header(), .. Extension, .. Voxels()];

    public byte[] Gzip() => Compress(File());

    public byte[] Voxels() =>
        Data ?? new byte[Enumerable.Range(1, (int)Math.Clamp(Dim[0], 1, 7)).Aggregate(Math.Max(1, BitPix / 8), (n, i) => n * (int)Math.Max(1, Dim[i]))];

    public static byte[] Compress(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
            gzip.Write(content);
        return memory.ToArray();
    }

    private void Int(byte[] b, int at, long value, int size)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        Put(b, at, bytes.AsSpan(0, size));
    }

    private void Real(byte[] b, int at, double value)
    {
        var bytes = new byte[8];
        if (Version == 1)
            BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
        else
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        Put(b, at, bytes.AsSpan(0, Version == 1 ? 4 : 8));
    }

    private void Put(byte[] b, int at, Span<byte> littleEndian)
    {
        if (BigEndian)
            littleEndian.Reverse();
        littleEndian.CopyTo(b.AsSpan(at));
    }
}
