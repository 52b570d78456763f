using System.Buffers.Binary;

namespace MedSeg.Engine.Imaging;

/// <summary>Builds the header of a file to be written: little endian, one file, no extensions.</summary>
internal static class NiftiHeaderWriter
{
    private const int Millimetres = 2;
    private const int ScannerAnatomical = 1;
    private const int AlignedAnatomical = 2;

    /// <summary>
    /// The header of a volume. With a reference image on the same grid, its version, affine fields, codes, units and
    /// description are kept as they are; otherwise the volume's affine is written as the sform, in mm.
    /// </summary>
    /// <returns>348 + 4 or 540 + 4 bytes, the position of the first voxel.</returns>
    public static byte[] Build(Volume volume, NiftiDataType type, NiftiLayout? reference)
    {
        var geometry = volume.Geometry;
        var kept = reference is not null && SameGrid(reference.Geometry, geometry) ? reference.Header : null;
        var version = kept?.Version == 2 || Math.Max(Math.Max(geometry.X, geometry.Y), Math.Max(geometry.Z, volume.Channels)) > short.MaxValue ? 2 : 1;
        var bytes = new byte[(version == 1 ? NiftiHeader.Size1 : NiftiHeader.Size2) + 4];
        var fields = new Fields(bytes, version);
        fields.Start(Axes(volume, kept), [geometry.X, geometry.Y, geometry.Z, volume.Channels], Code(type), Bits(type), bytes.Length);
        if (kept is null)
            WriteAffine(fields, geometry);
        else
            CopyAffine(fields, kept);
        if (reference is not null)
            fields.Text(reference.Header.Descrip, reference.Header.AuxFile, reference.Header.DimInfo);
        return bytes;
    }

    private static int Axes(Volume volume, NiftiHeader? kept) =>
        volume.Channels > 1 ? 4 : volume.Geometry.Z == 1 && kept?.Dim[0] == 2 ? 2 : 3;

    private static int Code(NiftiDataType type) => type switch
    {
        NiftiDataType.UInt8 => 2,
        NiftiDataType.Int16 => 4,
        NiftiDataType.Float32 => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static int Bits(NiftiDataType type) => type switch
    {
        NiftiDataType.UInt8 => 8,
        NiftiDataType.Int16 => 16,
        _ => 32,
    };

    /// <summary>Same size, and affines that differ by less than a float32 of the header can hold.</summary>
    private static bool SameGrid(VolumeGeometry a, VolumeGeometry b)
    {
        if (a.X != b.X || a.Y != b.Y || a.Z != b.Z)
            return false;
        var scale = a.Affine.Max(Math.Abs);
        for (var i = 0; i < 16; i++)
        {
            if (!(Math.Abs(a.Affine[i] - b.Affine[i]) <= 1e-6 * scale))
                return false;
        }

        return true;
    }

    private static void WriteAffine(Fields fields, VolumeGeometry geometry)
    {
        var spacing = geometry.Spacing;
        fields.PixDim([1, spacing.X, spacing.Y, spacing.Z]);
        fields.Position(0, AlignedAnatomical, [0, 0, 0], [0, 0, 0], geometry.Affine.AsSpan(0, 12), Millimetres);
    }

    private static void CopyAffine(Fields fields, NiftiHeader kept)
    {
        fields.PixDim(kept.PixDim.AsSpan(0, 4));
        fields.Position(kept.QformCode, kept.SformCode, kept.Quatern, kept.QOffset, kept.SRow, kept.XyztUnits);
    }

    /// <summary>Places of the fields in the two versions.</summary>
    private readonly struct Fields(byte[] bytes, int version)
    {
        public void Start(int axes, ReadOnlySpan<int> sizes, int code, int bits, int offset)
        {
            var one = version == 1;
            BinaryPrimitives.WriteInt32LittleEndian(bytes, one ? NiftiHeader.Size1 : NiftiHeader.Size2);
            (one ? "n+1\0"u8 : "n+2\0\r\n\x1a\n"u8).CopyTo(bytes.AsSpan(one ? 344 : 4));
            Size(0, axes);
            for (var i = 1; i <= 7; i++)
                Size(i, i <= axes ? sizes[i - 1] : 1);
            Int16(one ? 70 : 12, code);
            Int16(one ? 72 : 14, bits);
            if (one)
                Real(108, offset);
            else
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(168), offset);
            Real(one ? 112 : 176, 1);
            for (var i = 1; i <= 7; i++)
                Real((one ? 76 : 104) + (i * Step), 1);
        }

        public void PixDim(ReadOnlySpan<double> sizes) => Reals(version == 1 ? 76 : 104, sizes);

        public void Position(
            int qform, int sform, ReadOnlySpan<double> quatern, ReadOnlySpan<double> qoffset, ReadOnlySpan<double> srow, int units)
        {
            var one = version == 1;
            Code(one ? 252 : 344, qform);
            Code(one ? 254 : 348, sform);
            Reals(one ? 256 : 352, quatern);
            Reals(one ? 268 : 376, qoffset);
            Reals(one ? 280 : 400, srow);
            if (one)
                bytes[123] = (byte)units;
            else
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(500), units);
        }

        public void Text(byte[] descrip, byte[] auxFile, byte dimInfo)
        {
            descrip.CopyTo(bytes, version == 1 ? 148 : 240);
            auxFile.CopyTo(bytes, version == 1 ? 228 : 320);
            bytes[version == 1 ? 39 : 524] = dimInfo;
        }

        private int Step => version == 1 ? 4 : 8;

        private void Size(int index, int value)
        {
            if (version == 1)
                Int16(40 + (2 * index), value);
            else
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16 + (8 * index)), value);
        }

        private void Int16(int at, int value) => BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), (short)value);

        private void Code(int at, int value)
        {
            if (version == 1)
                Int16(at, value);
            else
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        }

        private void Reals(int at, ReadOnlySpan<double> values)
        {
            for (var i = 0; i < values.Length; i++)
                Real(at + (i * Step), values[i]);
        }

        private void Real(int at, double value)
        {
            if (version == 1)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), (float)value);
            else
                BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at), value);
        }
    }
}
