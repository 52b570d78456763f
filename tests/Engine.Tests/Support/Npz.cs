using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace MedSeg.Engine.Tests.Support;

/// <summary>An array of a .npy file: C order, little endian.</summary>
/// <param name="Shape">Sizes, empty for a scalar.</param>
/// <param name="Type">NumPy type code without byte order: f4, f8, i4, i8, u1, b1…</param>
/// <param name="Bytes">The elements as they lie in the file.</param>
public sealed record NpyArray(int[] Shape, string Type, byte[] Bytes)
{
    public int Count => Shape.Aggregate(1, (product, size) => product * size);

    /// <summary>Elements as float32, whatever their type.</summary>
    public float[] Floats() => Type == "f4" ? MemoryMarshal.Cast<byte, float>(Bytes).ToArray() : Array.ConvertAll(Doubles(), x => (float)x);

    /// <summary>Elements as float64, whatever their type.</summary>
    public double[] Doubles() => Type switch
    {
        "f8" => MemoryMarshal.Cast<byte, double>(Bytes).ToArray(),
        "f4" => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(Bytes).ToArray(), x => (double)x),
        "i8" => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(Bytes).ToArray(), x => (double)x),
        "i4" => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(Bytes).ToArray(), x => (double)x),
        "i2" => Array.ConvertAll(MemoryMarshal.Cast<byte, short>(Bytes).ToArray(), x => (double)x),
        "u2" => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(Bytes).ToArray(), x => (double)x),
        "i1" => Array.ConvertAll(MemoryMarshal.Cast<byte, sbyte>(Bytes).ToArray(), x => (double)x),
        "u1" or "b1" => Array.ConvertAll(Bytes, x => (double)x),
        _ => throw new NotSupportedException($"NumPy type {Type} is not read by the tests."),
    };
}

/// <summary>Reads the arrays of an .npz file (a zip of .npy files) by name.</summary>
public sealed partial class Npz
{
    private readonly Dictionary<string, NpyArray> _arrays = new(StringComparer.Ordinal);

    public Npz(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            _arrays[entry.FullName[..^".npy".Length]] = Parse(memory.ToArray());
        }
    }

    public IEnumerable<string> Names => _arrays.Keys;

    public NpyArray this[string name] =>
        _arrays.TryGetValue(name, out var array) ? array : throw new KeyNotFoundException($"No array '{name}' in this .npz file.");

    /// <summary>Reads one .npy file.</summary>
    public static NpyArray Parse(byte[] file)
    {
        if (file.Length < 10 || file[0] != 0x93 || Encoding.ASCII.GetString(file, 1, 5) != "NUMPY")
            throw new InvalidDataException("Not an .npy file.");
        var wide = file[6] >= 2;
        var headerLength = wide ? BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8)) : BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        var start = wide ? 12 : 10;
        var header = Encoding.ASCII.GetString(file, start, headerLength);
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal))
            throw new NotSupportedException("Fortran order is not read by the tests.");
        var type = TypePattern().Match(header).Groups[1].Value;
        var shape = ShapePattern().Match(header).Groups[1].Value
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(size => int.Parse(size, CultureInfo.InvariantCulture)).ToArray();
        return new NpyArray(shape, type, file[(start + headerLength)..]);
    }

    [GeneratedRegex("'descr': '[<|=]([a-z][0-9]+)'")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex ShapePattern();
}
