using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MedSeg.Engine.Transforms;

/// <summary>Turns rows into columns, 8×8 values at a time where the processor has the instructions.</summary>
internal static class BlockTranspose
{
    /// <summary>Value (column, row) of the destination becomes value (row, column) of the source.</summary>
    /// <param name="sourceStride">Values from one row of the source to the next.</param>
    /// <param name="destinationStride">Values from one row of the destination, which is a column of the source, to the next.</param>
    public static void Run(
        ReadOnlySpan<float> source, int sourceStride, int rows, int columns, Span<float> destination, int destinationStride)
    {
        if (rows == 0 || columns == 0)
            return;
        // Checked once, since the fast path does not check: the last value of each side.
        _ = source[((rows - 1) * sourceStride) + columns - 1];
        _ = destination[((columns - 1) * destinationStride) + rows - 1];
        var (wholeRows, wholeColumns) = Avx.IsSupported ? (rows & ~7, columns & ~7) : (0, 0);
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        for (var row = 0; row < wholeRows; row += 8)
        {
            for (var column = 0; column < wholeColumns; column += 8)
            {
                Eight(
                    ref Unsafe.Add(ref from, (row * sourceStride) + column), (nuint)sourceStride,
                    ref Unsafe.Add(ref to, (column * destinationStride) + row), (nuint)destinationStride);
            }
        }

        Plain(source, sourceStride, (0, wholeRows), (wholeColumns, columns), destination, destinationStride);
        Plain(source, sourceStride, (wholeRows, rows), (0, columns), destination, destinationStride);
    }

    private static void Plain(
        ReadOnlySpan<float> source, int sourceStride, (int First, int End) rows, (int First, int End) columns,
        Span<float> destination, int destinationStride)
    {
        for (var row = rows.First; row < rows.End; row++)
        {
            for (var column = columns.First; column < columns.End; column++)
                destination[(column * destinationStride) + row] = source[(row * sourceStride) + column];
        }
    }

    private static void Eight(ref float from, nuint fromStride, ref float to, nuint toStride)
    {
        // Rows 0 … 7 in pairs, then in fours, then whole.
        var (ab0, ab1) = Pair(ref from, fromStride, 0);
        var (cd0, cd1) = Pair(ref from, fromStride, 2);
        var (ef0, ef1) = Pair(ref from, fromStride, 4);
        var (gh0, gh1) = Pair(ref from, fromStride, 6);
        Store(Avx.Shuffle(ab0, cd0, 0x44), Avx.Shuffle(ef0, gh0, 0x44), ref to, toStride, 0);
        Store(Avx.Shuffle(ab0, cd0, 0xEE), Avx.Shuffle(ef0, gh0, 0xEE), ref to, toStride, 1);
        Store(Avx.Shuffle(ab1, cd1, 0x44), Avx.Shuffle(ef1, gh1, 0x44), ref to, toStride, 2);
        Store(Avx.Shuffle(ab1, cd1, 0xEE), Avx.Shuffle(ef1, gh1, 0xEE), ref to, toStride, 3);
    }

    private static (Vector256<float> Low, Vector256<float> High) Pair(ref float from, nuint stride, nuint row)
    {
        var a = Vector256.LoadUnsafe(ref from, row * stride);
        var b = Vector256.LoadUnsafe(ref from, (row + 1) * stride);
        return (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b));
    }

    /// <summary>Columns k and k + 4 from the columns' upper and lower four values.</summary>
    private static void Store(Vector256<float> upper, Vector256<float> lower, ref float to, nuint stride, nuint column)
    {
        Avx.Permute2x128(upper, lower, 0x20).StoreUnsafe(ref to, column * stride);
        Avx.Permute2x128(upper, lower, 0x31).StoreUnsafe(ref to, (column + 4) * stride);
    }
}
