using System.Buffers;
using System.Runtime.Intrinsics;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Applies a <see cref="BandMatrix"/> to all lines along one axis of a grid. Lines are taken some at a time into a block that
/// stays in the first-level cache, sample i of neighbouring lines side by side, so that every step works on whole vectors
/// whatever the axis.
/// </summary>
internal static class LineFilter
{
    /// <summary>Lines in a block: a multiple of four vectors.</summary>
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
    /// <param name="destination">As many values as the grid has with <c>matrix.Outputs</c> samples along the axis; may be the source when the length does not change.</param>
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
        for (var lane = 0; lane < lanes;)
        {
            var run = lines.Run(line + lane, lanes - lane);
            var at = lines.First(line + lane);
            if (run == 1)
            {
                for (var (i, to) = (0, lane); i < lines.N; i++, at += lines.Inner, to += Lanes)
                    block[to] = source[at];
            }
            else
            {
                for (var (i, to) = (0, lane); i < lines.N; i++, at += lines.Inner, to += Lanes)
                    source.Slice(at, run).CopyTo(block[to..]);
            }

            lane += run;
        }
    }

    private static void Put(ReadOnlySpan<float> block, Lines lines, int line, int lanes, Span<float> destination)
    {
        for (var lane = 0; lane < lanes;)
        {
            var run = lines.Run(line + lane, lanes - lane);
            var at = lines.First(line + lane);
            if (run == 1)
            {
                for (var (i, from) = (0, lane); i < lines.N; i++, at += lines.Inner, from += Lanes)
                    destination[at] = block[from];
            }
            else
            {
                for (var (i, from) = (0, lane); i < lines.N; i++, at += lines.Inner, from += Lanes)
                    block.Slice(from, run).CopyTo(destination[at..]);
            }

            lane += run;
        }
    }

    private static void Multiply(ReadOnlySpan<float> block, BandMatrix matrix, Span<float> result)
    {
        for (var k = 0; k < matrix.Rows.Length; k++)
        {
            var row = matrix.Rows[k];
            var samples = block.Slice(row.Start * Lanes, row.Length * Lanes);
            var weights = matrix.Weights.AsSpan(row.At, row.Length);
            for (var lane = 0; lane < Lanes; lane += 4 * Vector256<float>.Count)
                Multiply(samples, lane, weights, result.Slice((k * Lanes) + lane, 4 * Vector256<float>.Count));
        }
    }

    /// <summary>Four vectors of lanes at a time: their sums stay in registers.</summary>
    private static void Multiply(ReadOnlySpan<float> rows, int lane, ReadOnlySpan<float> weights, Span<float> result)
    {
        var (a, b, c, d) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var n = Vector256<float>.Count;
        for (var t = 0; t < weights.Length; t++)
        {
            var weight = Vector256.Create(weights[t]);
            var row = rows.Slice((t * Lanes) + lane, 4 * n);
            a += weight * Vector256.Create(row);
            b += weight * Vector256.Create(row[n..]);
            c += weight * Vector256.Create(row[(2 * n)..]);
            d += weight * Vector256.Create(row[(3 * n)..]);
        }

        a.CopyTo(result);
        b.CopyTo(result[n..]);
        c.CopyTo(result[(2 * n)..]);
        d.CopyTo(result[(3 * n)..]);
    }
}
