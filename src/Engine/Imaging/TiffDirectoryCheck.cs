using System.Buffers.Binary;

namespace MedSeg.Engine.Imaging;

/// <summary>
/// Looks at the first directory of a TIFF or BigTIFF file before LibTiff does, which makes room for as many values as an entry
/// claims and for as many strips as the size of the image asks for, whatever the size of the file.
/// </summary>
internal static class TiffDirectoryCheck
{
    private const string Fetch = "Fetch or export the file again.";

    private const int MostEntries = 4096;

    private const int ImageLength = 257, RowsPerStrip = 278, ImageWidth = 256, TileWidth = 322, TileLength = 323;

    /// <summary>Bytes of a value by its type code 0–18; 0 for codes that say nothing.</summary>
    private static ReadOnlySpan<byte> TypeSizes => [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

    /// <summary>Leaves the file at its start.</summary>
    /// <exception cref="SegException"><c>TiffDamaged</c>.</exception>
    public static void Check(FileStream file, string path)
    {
        var header = Bytes(file, path, 0, 8);
        var big = header[0] == (byte)'M';
        var is64 = Number(header, 2, 2, big) == 43;
        var (wide, entryBytes, valueAt) = is64 ? (8, 20, 12) : (2, 12, 8);
        var at = is64 ? Number(Bytes(file, path, 8, 8), 0, 8, big) : Number(header, 4, 4, big);
        var entries = Number(Bytes(file, path, at, wide), 0, wide, big);
        if (entries > MostEntries)
            throw Damaged(path, "entries", $"the directory is said to have {entries} entries");
        var directory = Bytes(file, path, at + (ulong)wide, (int)entries * entryBytes);
        var values = new Dictionary<int, ulong>();
        for (var i = 0; i < (int)entries; i++)
        {
            var entry = directory.AsSpan(i * entryBytes, entryBytes);
            var type = (int)Number(entry, 2, 2, big);
            var size = type < TypeSizes.Length ? TypeSizes[type] : 0;
            var count = Number(entry, 4, is64 ? 8 : 4, big);
            var tag = (int)Number(entry, 0, 2, big);
            if (size > 0 && count > (ulong)file.Length / (ulong)size)
                throw Damaged(path, $"tag {tag}", $"it is said to have {count} values, more than a file of {file.Length} bytes can hold");
            if (count == 1 && size > 0 && type is 1 or 3 or 4 or 16 && valueAt + size <= entryBytes)
                values[tag] = Number(entry, valueAt, size, big);
        }

        CheckPieces(values, file.Length, path);
        file.Position = 0;
    }

    /// <summary>Each strip or tile has an offset and a length in the file, so that there cannot be more of them than bytes.</summary>
    private static void CheckPieces(Dictionary<int, ulong> values, long fileLength, string path)
    {
        UInt128 height = values.GetValueOrDefault(ImageLength), width = values.GetValueOrDefault(ImageWidth);
        var tiled = values.ContainsKey(TileWidth) || values.ContainsKey(TileLength);
        var pieces = tiled
            ? Divided(height, values.GetValueOrDefault(TileLength)) * Divided(width, values.GetValueOrDefault(TileWidth))
            : Divided(height, values.GetValueOrDefault(RowsPerStrip, ulong.MaxValue));
        if (pieces > (UInt128)fileLength)
            throw Damaged(path, tiled ? "TileWidth, TileLength" : "RowsPerStrip", $"{pieces} pieces are more than a file of {fileLength} bytes can hold");
    }

    private static UInt128 Divided(UInt128 length, UInt128 piece) => piece == 0 ? length : (length + piece - 1) / piece;

    private static byte[] Bytes(FileStream file, string path, ulong at, int count)
    {
        if (at > (ulong)file.Length || (ulong)count > (ulong)file.Length - at)
            throw Damaged(path, "directory", $"{count} bytes from byte {at} are not in the file of {file.Length} bytes");
        file.Position = (long)at;
        var bytes = new byte[count];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, int at, int size, bool big) => (size, big) switch
    {
        (1, _) => bytes[at],
        (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]),
        (2, true) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]),
        (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]),
        (4, true) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]),
        (_, false) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]),
        (_, true) => BinaryPrimitives.ReadUInt64BigEndian(bytes[at..]),
    };

    private static SegException Damaged(string path, string field, string problem) =>
        ImageErrors.Invalid("TiffDamaged", path, $"image data, {field}", problem + ".", Fetch);
}
