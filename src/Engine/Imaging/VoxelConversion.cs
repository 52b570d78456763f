using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MedSeg.Engine.Imaging;

/// <summary>
/// Stored numbers to float32, value = stored · slope + inter. 8- and 16-bit numbers go through widening vectors in single
/// precision; the wider ones are scaled in double precision and rounded once.
/// </summary>
internal static class VoxelConversion
{
    /// <param name="kind">Type of the stored numbers.</param>
    /// <param name="raw">Their bytes, a whole number of them; reordered in place when <paramref name="swap"/> is set.</param>
    /// <param name="swap">The byte order is not this machine's.</param>
    /// <param name="slope">1 for none.</param>
    /// <param name="inter">0 for none.</param>
    /// <param name="values">As many as there are stored numbers.</param>
    public static void ToFloat(VoxelKind kind, Span<byte> raw, bool swap, double slope, double inter, Span<float> values)
    {
        if (swap)
            ReverseBytes(kind, raw);
        switch (kind)
        {
            case VoxelKind.UInt8: Bytes(raw, values); break;
            case VoxelKind.Int8: SignedBytes(MemoryMarshal.Cast<byte, sbyte>(raw), values); break;
            case VoxelKind.Int16: Shorts(MemoryMarshal.Cast<byte, short>(raw), values); break;
            case VoxelKind.UInt16: UnsignedShorts(MemoryMarshal.Cast<byte, ushort>(raw), values); break;
            case VoxelKind.Float32: MemoryMarshal.Cast<byte, float>(raw).CopyTo(values); break;
            case VoxelKind.Int32: Wide(MemoryMarshal.Cast<byte, int>(raw), slope, inter, values); return;
            case VoxelKind.UInt32: Wide(MemoryMarshal.Cast<byte, uint>(raw), slope, inter, values); return;
            case VoxelKind.Int64: Wide(MemoryMarshal.Cast<byte, long>(raw), slope, inter, values); return;
            case VoxelKind.UInt64: Wide(MemoryMarshal.Cast<byte, ulong>(raw), slope, inter, values); return;
            case VoxelKind.Float64: Wide(MemoryMarshal.Cast<byte, double>(raw), slope, inter, values); return;
            default: throw new ArgumentOutOfRangeException(nameof(kind));
        }

        Scale(values, slope, inter);
    }

    /// <summary>values · slope + inter in place, in single precision with one rounding.</summary>
    public static void Scale(Span<float> values, double slope, double inter)
    {
        if (slope == 1 && inter == 0)
            return;
        var slopes = new Vector<float>((float)slope);
        var inters = new Vector<float>((float)inter);
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            Vector.FusedMultiplyAdd(new Vector<float>(values[i..]), slopes, inters).CopyTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] = MathF.FusedMultiplyAdd(values[i], (float)slope, (float)inter);
    }

    /// <summary>Turns every number's bytes around.</summary>
    public static void ReverseBytes(VoxelKind kind, Span<byte> raw)
    {
        switch (kind)
        {
            case VoxelKind.Int16 or VoxelKind.UInt16:
                var shorts = MemoryMarshal.Cast<byte, short>(raw);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case VoxelKind.Int32 or VoxelKind.UInt32 or VoxelKind.Float32:
                var ints = MemoryMarshal.Cast<byte, int>(raw);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case VoxelKind.Int64 or VoxelKind.UInt64 or VoxelKind.Float64:
                var longs = MemoryMarshal.Cast<byte, long>(raw);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }

    private static void Shorts(ReadOnlySpan<short> raw, Span<float> values)
    {
        var i = 0;
        for (; i <= raw.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(raw[i..]), out var low, out var high);
            Vector.ConvertToSingle(low).CopyTo(values[i..]);
            Vector.ConvertToSingle(high).CopyTo(values[(i + Vector<int>.Count)..]);
        }

        for (; i < raw.Length; i++)
            values[i] = raw[i];
    }

    private static void UnsignedShorts(ReadOnlySpan<ushort> raw, Span<float> values)
    {
        var i = 0;
        for (; i <= raw.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(raw[i..]), out var low, out var high);
            Store(low, values[i..]);
            Store(high, values[(i + Vector<uint>.Count)..]);
        }

        for (; i < raw.Length; i++)
            values[i] = raw[i];
    }

    private static void Bytes(ReadOnlySpan<byte> raw, Span<float> values)
    {
        var i = 0;
        for (; i <= raw.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(raw[i..]), out var low, out var high);
            Vector.Widen(low, out var a, out var b);
            Vector.Widen(high, out var c, out var d);
            Store(a, values[i..]);
            Store(b, values[(i + Vector<uint>.Count)..]);
            Store(c, values[(i + (2 * Vector<uint>.Count))..]);
            Store(d, values[(i + (3 * Vector<uint>.Count))..]);
        }

        for (; i < raw.Length; i++)
            values[i] = raw[i];
    }

    private static void SignedBytes(ReadOnlySpan<sbyte> raw, Span<float> values)
    {
        var i = 0;
        for (; i <= raw.Length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            Vector.Widen(new Vector<sbyte>(raw[i..]), out var low, out var high);
            Vector.Widen(low, out var a, out var b);
            Vector.Widen(high, out var c, out var d);
            Vector.ConvertToSingle(a).CopyTo(values[i..]);
            Vector.ConvertToSingle(b).CopyTo(values[(i + Vector<int>.Count)..]);
            Vector.ConvertToSingle(c).CopyTo(values[(i + (2 * Vector<int>.Count))..]);
            Vector.ConvertToSingle(d).CopyTo(values[(i + (3 * Vector<int>.Count))..]);
        }

        for (; i < raw.Length; i++)
            values[i] = raw[i];
    }

    /// <summary>Numbers below 2³¹, so that the signed conversion, which is one instruction everywhere, is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<uint> numbers, Span<float> values) =>
        Vector.ConvertToSingle(Vector.AsVectorInt32(numbers)).CopyTo(values);

    private static void Wide<T>(ReadOnlySpan<T> raw, double slope, double inter, Span<float> values)
        where T : unmanaged, INumberBase<T>
    {
        if (slope == 1 && inter == 0)
        {
            TensorPrimitives.ConvertTruncating(raw, values);
            return;
        }

        for (var i = 0; i < raw.Length; i++)
            values[i] = (float)((double.CreateTruncating(raw[i]) * slope) + inter);
    }
}
