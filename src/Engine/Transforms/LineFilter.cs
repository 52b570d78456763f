using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Applies a <see cref="BandMatrix"/> to all lines along one axis of a grid. Lines are taken some at a time into a block that
/// stays in the first-level cache, sample i of neighbouring lines side by side, so that every step works on whole vectors
/// whatever the axis.
/// </summary>
internal static class LineFilter
{
    /// <summary>Lines in a block: four vectors.</summary>
    public const int Lanes = 32;

    /// <summary>Lines along an axis: (outer, n, inner) in memory.</summary>
    private readonly record struct Lines(int N, int Inner, int Count)
    {
        public static Lines Of(GridSize size, int axis)
        {
            var inner = axis switch { 0 => size.W * size.D, 1 => size.D, _ => 1 };
            return new Lines(size[axis], inner, size.Count / size[axis]);
        }

        /// <summary>Index of the first sample of a line.</summary>
        public int First(int line) => (line / Inner * Inner * N) + (line % Inner);

        /// <summary>How many of the lines from this one on lie side by side, at most <paramref name="most"/>.</summary>
        public int Run(int line, int most) => Math.Min(most, Inner - (line % Inner));
    }

    /// <summary>Maps the lines along an axis.</summary>
    /// <param name="source">size.Count values.</param>
    /// <param name="destination">
    /// As many values as the grid has with <c>matrix.Outputs</c> samples along the axis; may be the source when the length does not change.
    /// </param>
    /// <param name="pole">Pole of the recursive filter that runs over each line first, and its mirrored start; 0 for none.</param>
    public static void Run(ReadOnlySpan<float> source, GridSize size, int axis, BandMatrix matrix, Span<float> destination, double pole = 0)
    {
        var input = Lines.Of(size, axis);
        var output = input with { N = matrix.Outputs };
        ArgumentOutOfRangeException.ThrowIfNotEqual(matrix.Inputs, input.N);
        var samples = ArrayPool<float>.Shared.Rent(input.N * Lanes);
        var results = ArrayPool<float>.Shared.Rent(output.N * Lanes);
        var block = samples.AsSpan(0, input.N * Lanes);
        var result = results.AsSpan(0, output.N * Lanes);
        // Lanes without a line hold numbers, so that old NaN or subnormal values don't slow the block down.
        block.Clear();
        for (var line = 0; line < input.Count; line += Lanes)
        {
            var lanes = Math.Min(Lanes, input.Count - line);
            Take(source, input, line, lanes, block);
            if (pole != 0 && input.N > 1)
                RecursiveFilter.Run(block, input.N, pole);
            Multiply(block, matrix, result);
            Put(result, output, line, lanes, destination);
        }

        ArrayPool<float>.Shared.Return(samples);
        ArrayPool<float>.Shared.Return(results);
    }

    private static void Take(ReadOnlySpan<float> source, Lines lines, int line, int lanes, Span<float> block)
    {
        if (lines.Inner == 1)
        {
            BlockTranspose.Run(source[(line * lines.N)..], lines.N, lanes, lines.N, block, Lanes);
            return;
        }

        for (var lane = 0; lane < lanes;)
        {
            var run = lines.Run(line + lane, lanes - lane);
            CopyRows(source[lines.First(line + lane)..], lines.Inner, block[lane..], Lanes, lines.N, run);
            lane += run;
        }
    }

    private static void Put(ReadOnlySpan<float> block, Lines lines, int line, int lanes, Span<float> destination)
    {
        if (lines.Inner == 1)
        {
            BlockTranspose.Run(block, Lanes, lines.N, lanes, destination[(line * lines.N)..], lines.N);
            return;
        }

        for (var lane = 0; lane < lanes;)
        {
            var run = lines.Run(line + lane, lanes - lane);
            CopyRows(block[lane..], Lanes, destination[lines.First(line + lane)..], lines.Inner, lines.N, run);
            lane += run;
        }
    }

    private static void CopyRows(ReadOnlySpan<float> from, int fromStride, Span<float> to, int toStride, int rows, int run)
    {
        for (var i = 0; i < rows; i++)
        {
            var source = from.Slice(i * fromStride, run);
            var target = to.Slice(i * toStride, run);
            var k = 0;
            for (; k <= run - Vector256<float>.Count; k += Vector256<float>.Count)
                Vector256.Create(source[k..]).CopyTo(target[k..]);
            for (; k < run; k++)
                target[k] = source[k];
        }
    }

    private static void Multiply(ReadOnlySpan<float> block, BandMatrix matrix, Span<float> result)
    {
        for (var k = 0; k < matrix.Rows.Length; k++)
        {
            var row = matrix.Rows[k];
            var samples = block.Slice(row.Start * Lanes, row.Length * Lanes);
            var weights = matrix.Weights.AsSpan(row.At, row.Length);
            Multiply(samples, weights, result.Slice(k * Lanes, Lanes));
        }
    }

    /// <summary>
    /// Even and odd rows are summed apart, so that an addition need not wait for the one before it; all eight sums stay in registers.
    /// </summary>
    private static void Multiply(ReadOnlySpan<float> rows, ReadOnlySpan<float> weights, Span<float> result)
    {
        var (a, b, c, d) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var (e, f, g, h) = (a, b, c, d);
        var n = (nuint)Vector256<float>.Count;
        ref var first = ref MemoryMarshal.GetReference(rows[..(weights.Length * Lanes)]);
        var t = 0;
        for (; t < weights.Length - 1; t += 2)
        {
            var (even, odd) = (Vector256.Create(weights[t]), Vector256.Create(weights[t + 1]));
            var at = (nuint)(t * Lanes);
            a += even * Vector256.LoadUnsafe(ref first, at);
            b += even * Vector256.LoadUnsafe(ref first, at + n);
            c += even * Vector256.LoadUnsafe(ref first, at + (2 * n));
            d += even * Vector256.LoadUnsafe(ref first, at + (3 * n));
            e += odd * Vector256.LoadUnsafe(ref first, at + (4 * n));
            f += odd * Vector256.LoadUnsafe(ref first, at + (5 * n));
            g += odd * Vector256.LoadUnsafe(ref first, at + (6 * n));
            h += odd * Vector256.LoadUnsafe(ref first, at + (7 * n));
        }

        if (t < weights.Length)
        {
            var last = Vector256.Create(weights[t]);
            var at = (nuint)(t * Lanes);
            a += last * Vector256.LoadUnsafe(ref first, at);
            b += last * Vector256.LoadUnsafe(ref first, at + n);
            c += last * Vector256.LoadUnsafe(ref first, at + (2 * n));
            d += last * Vector256.LoadUnsafe(ref first, at + (3 * n));
        }

        (a + e).CopyTo(result);
        (b + f).CopyTo(result[8..]);
        (c + g).CopyTo(result[16..]);
        (d + h).CopyTo(result[24..]);
    }
}
