using System.Buffers.Binary;

namespace MedSeg.Engine.Imaging;

/// <summary>
/// The fields of a NIfTI-1 or NIfTI-2 header as they lie in the file, unchecked. Names follow nifti1.h and nifti2.h.
/// </summary>
internal sealed record NiftiHeader
{
    /// <summary>Length of a NIfTI-1 header, and the value of its first field.</summary>
    public const int Size1 = 348;

    /// <summary>Length of a NIfTI-2 header, and the value of its first field.</summary>
    public const int Size2 = 540;

    /// <summary>1 or 2.</summary>
    public required int Version { get; init; }

    /// <summary>Numbers are stored most significant byte first.</summary>
    public required bool BigEndian { get; init; }

    public required byte[] Magic { get; init; }

    /// <summary>dim[0..7]: dim[0] axes, then their sizes.</summary>
    public required long[] Dim { get; init; }

    public required int DataType { get; init; }

    public required int BitPix { get; init; }

    /// <summary>pixdim[0..7]: qfac, then the spacings in units of <see cref="XyztUnits"/>.</summary>
    public required double[] PixDim { get; init; }

    /// <summary>Where the voxels start; NIfTI-1 stores it as a float.</summary>
    public required double VoxOffset { get; init; }

    public required double SclSlope { get; init; }

    public required double SclInter { get; init; }

    public required int QformCode { get; init; }

    public required int SformCode { get; init; }

    /// <summary>quatern_b, c, d.</summary>
    public required double[] Quatern { get; init; }

    /// <summary>qoffset_x, y, z.</summary>
    public required double[] QOffset { get; init; }

    /// <summary>srow_x, srow_y, srow_z: 12 numbers.</summary>
    public required double[] SRow { get; init; }

    public required int XyztUnits { get; init; }

    public required byte DimInfo { get; init; }

    /// <summary>80 bytes of free text.</summary>
    public required byte[] Descrip { get; init; }

    /// <summary>24 bytes: the name of an auxiliary file.</summary>
    public required byte[] AuxFile { get; init; }

    public int Size => Version == 1 ? Size1 : Size2;

    /// <summary>Version and byte order from sizeof_hdr, the first field; null when it is neither 348 nor 540 in any order.</summary>
    public static (int Version, bool BigEndian)? Detect(ReadOnlySpan<byte> first4) =>
        (BinaryPrimitives.ReadInt32LittleEndian(first4), BinaryPrimitives.ReadInt32BigEndian(first4)) switch
        {
            (Size1, _) => (1, false),
            (_, Size1) => (1, true),
            (Size2, _) => (2, false),
            (_, Size2) => (2, true),
            _ => null,
        };

    /// <summary>Takes the fields out of 348 or 540 bytes.</summary>
    public static NiftiHeader Parse(ReadOnlySpan<byte> bytes, int version, bool bigEndian)
    {
        var f = new HeaderFields(bytes, bigEndian);
        return version == 1 ? Parse1(f, bigEndian) : Parse2(f, bigEndian);
    }

    private static NiftiHeader Parse1(HeaderFields f, bool bigEndian) => new()
    {
        Version = 1,
        BigEndian = bigEndian,
        Magic = f.Bytes(344, 4),
        Dim = f.Int16s(40, 8),
        DataType = f.Int16(70),
        BitPix = f.Int16(72),
        PixDim = f.Floats(76, 8),
        VoxOffset = f.Float(108),
        SclSlope = f.Float(112),
        SclInter = f.Float(116),
        QformCode = f.Int16(252),
        SformCode = f.Int16(254),
        Quatern = f.Floats(256, 3),
        QOffset = f.Floats(268, 3),
        SRow = f.Floats(280, 12),
        XyztUnits = f.Byte(123),
        DimInfo = f.Byte(39),
        Descrip = f.Bytes(148, 80),
        AuxFile = f.Bytes(228, 24),
    };

    private static NiftiHeader Parse2(HeaderFields f, bool bigEndian) => new()
    {
        Version = 2,
        BigEndian = bigEndian,
        Magic = f.Bytes(4, 8),
        Dim = f.Int64s(16, 8),
        DataType = f.Int16(12),
        BitPix = f.Int16(14),
        PixDim = f.Doubles(104, 8),
        VoxOffset = f.Int64(168),
        SclSlope = f.Double(176),
        SclInter = f.Double(184),
        QformCode = f.Int32(344),
        SformCode = f.Int32(348),
        Quatern = f.Doubles(352, 3),
        QOffset = f.Doubles(376, 3),
        SRow = f.Doubles(400, 12),
        XyztUnits = f.Int32(500),
        DimInfo = f.Byte(524),
        Descrip = f.Bytes(240, 80),
        AuxFile = f.Bytes(320, 24),
    };

    /// <summary>Numbers at byte offsets in one byte order.</summary>
    private readonly ref struct HeaderFields(ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public byte Byte(int at) => _bytes[at];

        public byte[] Bytes(int at, int count) => _bytes.Slice(at, count).ToArray();

        public short Int16(int at) =>
            bigEndian ? BinaryPrimitives.ReadInt16BigEndian(_bytes[at..]) : BinaryPrimitives.ReadInt16LittleEndian(_bytes[at..]);

        public int Int32(int at) =>
            bigEndian ? BinaryPrimitives.ReadInt32BigEndian(_bytes[at..]) : BinaryPrimitives.ReadInt32LittleEndian(_bytes[at..]);

        public long Int64(int at) =>
            bigEndian ? BinaryPrimitives.ReadInt64BigEndian(_bytes[at..]) : BinaryPrimitives.ReadInt64LittleEndian(_bytes[at..]);

        public double Float(int at) => BitConverter.Int32BitsToSingle(Int32(at));

        public double Double(int at) => BitConverter.Int64BitsToDouble(Int64(at));

        public long[] Int16s(int at, int count)
        {
            var result = new long[count];
            for (var i = 0; i < count; i++)
                result[i] = Int16(at + (2 * i));
            return result;
        }

        public long[] Int64s(int at, int count)
        {
            var result = new long[count];
            for (var i = 0; i < count; i++)
                result[i] = Int64(at + (8 * i));
            return result;
        }

        public double[] Floats(int at, int count)
        {
            var result = new double[count];
            for (var i = 0; i < count; i++)
                result[i] = Float(at + (4 * i));
            return result;
        }

        public double[] Doubles(int at, int count)
        {
            var result = new double[count];
            for (var i = 0; i < count; i++)
                result[i] = Double(at + (8 * i));
            return result;
        }
    }
}
