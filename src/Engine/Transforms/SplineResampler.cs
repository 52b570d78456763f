using System.Buffers;
using System.Numerics.Tensors;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Separable spline interpolation of order 1 or 2 onto a grid whose first and last voxel centres coincide with those of the
/// source (output index k samples k·(n−1)/(m−1)). Order 2 filters the samples first with mirror boundaries
/// (Unser, Aldroubi and Eden 1993, "B-spline signal processing", part II).
/// </summary>
internal static class SplineResampler
{
    private const int Block = 2048;
    private const int Tile = 32;
    private const double Pole = -0.17157287525380990; // √8 − 3

    /// <summary>Number of samples after scaling n samples: n·factor rounded half to even, at least 1.</summary>
    public static int OutputLength(int n, double factor) => Math.Max(1, (int)Math.Round(n * factor, MidpointRounding.ToEven));

    /// <summary>Resamples a grid.</summary>
    /// <param name="order">1 linear, 2 quadratic.</param>
    public static void Resample(ReadOnlySpan<float> source, GridSize from, Span<float> destination, GridSize to, int order)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, 2);
        var current = Rent(from.Count);
        source[..from.Count].CopyTo(current);
        var size = from;
        for (var axis = 0; axis < 3; axis++)
        {
            if (size[axis] == to[axis])
                continue;
            var next = size.With(axis, to[axis]);
            var resampled = Rent(next.Count);
            AlongAxis(current, size, resampled, to[axis], axis, order);
            ArrayPool<float>.Shared.Return(current);
            (current, size) = (resampled, next);
        }

        current.AsSpan(0, to.Count).CopyTo(destination);
        ArrayPool<float>.Shared.Return(current);
    }

    private static void AlongAxis(float[] source, GridSize size, float[] destination, int m, int axis, int order)
    {
        var n = size[axis];
        var outer = 1;
        for (var a = 0; a < axis; a++)
            outer *= size[a];
        var inner = size.Count / (outer * n);
        var taps = Taps.Of(n, m, order);
        if (inner >= 8)
        {
            for (var o = 0; o < outer; o++)
                Rows(source.AsSpan(o * n * inner, n * inner), destination.AsSpan(o * m * inner, m * inner), n, m, inner, taps);
            return;
        }

        // Rows must be long enough for vectors: bring the axis to the front, resample, bring it back.
        var front = Rent(n * outer * inner);
        var result = Rent(m * outer * inner);
        ToFront(source, front, outer, n, inner);
        Rows(front.AsSpan(0, n * outer * inner), result.AsSpan(0, m * outer * inner), n, m, outer * inner, taps);
        FromFront(result, destination, outer, m, inner);
        ArrayPool<float>.Shared.Return(front);
        ArrayPool<float>.Shared.Return(result);
    }

    /// <summary>Resamples n rows to m rows, a block of columns at a time so that the rows stay in the cache.</summary>
    private static void Rows(ReadOnlySpan<float> source, Span<float> destination, int n, int m, int width, Taps taps)
    {
        var columns = Math.Min(Block, width);
        var buffer = Rent(n * columns);
        for (var start = 0; start < width; start += columns)
        {
            var w = Math.Min(columns, width - start);
            var rows = buffer.AsSpan(0, n * w);
            for (var i = 0; i < n; i++)
                source.Slice((i * width) + start, w).CopyTo(rows[(i * w)..]);
            if (taps.Order == 2)
                Prefilter(rows, n, w);
            for (var k = 0; k < m; k++)
                Combine(rows, w, taps, k, destination.Slice((k * width) + start, w));
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    private static void Combine(ReadOnlySpan<float> rows, int width, Taps taps, int k, Span<float> destination)
    {
        var first = k * (taps.Order + 1);
        TensorPrimitives.Multiply(rows.Slice(taps.Index[first] * width, width), taps.Weight[first], destination);
        for (var t = first + 1; t <= first + taps.Order; t++)
            TensorPrimitives.MultiplyAdd(rows.Slice(taps.Index[t] * width, width), taps.Weight[t], destination, destination);
    }

    /// <summary>Turns samples into quadratic spline coefficients (divided by the gain 8, which the weights carry).</summary>
    private static void Prefilter(Span<float> rows, int n, int width)
    {
        if (n < 2)
            return;
        CausalStart(rows, n, width);
        const float z = (float)Pole;
        for (var i = 1; i < n; i++)
            TensorPrimitives.MultiplyAdd(Row(rows, i - 1, width), z, Row(rows, i, width), Row(rows, i, width));
        var last = Row(rows, n - 1, width);
        TensorPrimitives.MultiplyAdd(Row(rows, n - 2, width), z, last, last);
        TensorPrimitives.Multiply(last, (float)(Pole / ((Pole * Pole) - 1)), last);
        for (var i = n - 2; i >= 0; i--)
        {
            var row = Row(rows, i, width);
            TensorPrimitives.Subtract(Row(rows, i + 1, width), row, row);
            TensorPrimitives.Multiply(row, z, row);
        }
    }

    /// <summary>First value of the causal filter: the sum over the infinite mirrored signal.</summary>
    private static void CausalStart(Span<float> rows, int n, int width)
    {
        var first = Row(rows, 0, width);
        var end = Math.Pow(Pole, n - 1);
        TensorPrimitives.MultiplyAdd(Row(rows, n - 1, width), (float)end, first, first);
        var power = Pole;
        for (var i = 1; i < n - 1 && Math.Abs(power) > 1e-12; i++, power *= Pole)
            TensorPrimitives.MultiplyAdd(Row(rows, i, width), (float)power, first, first);
        power = Pole * end;
        for (var i = 1; i < n - 1 && Math.Abs(power) > 1e-12; i++, power *= Pole)
            TensorPrimitives.MultiplyAdd(Row(rows, n - 1 - i, width), (float)power, first, first);
        TensorPrimitives.Multiply(first, (float)(1 / (1 - (end * end))), first);
    }

    private static Span<float> Row(Span<float> rows, int i, int width) => rows.Slice(i * width, width);

    /// <summary>(outer, n, inner) → (n, outer, inner).</summary>
    private static void ToFront(ReadOnlySpan<float> source, Span<float> front, int outer, int n, int inner)
    {
        for (var o0 = 0; o0 < outer; o0 += Tile)
        {
            for (var i0 = 0; i0 < n; i0 += Tile)
                SwapTile(source, front, (o0, Math.Min(outer, o0 + Tile)), (i0, Math.Min(n, i0 + Tile)), outer, n, inner);
        }
    }

    /// <summary>(n, outer, inner) → (outer, n, inner).</summary>
    private static void FromFront(ReadOnlySpan<float> front, Span<float> destination, int outer, int n, int inner) =>
        ToFront(front, destination, n, outer, inner);

    /// <summary>A tile at a time, so that neither side leaves the cache.</summary>
    private static void SwapTile(
        ReadOnlySpan<float> source, Span<float> front, (int First, int End) o, (int First, int End) i, int outer, int n, int inner)
    {
        for (var row = o.First; row < o.End; row++)
        {
            var from = ((row * n) + i.First) * inner;
            var to = ((i.First * outer) + row) * inner;
            for (var column = i.First; column < i.End; column++, from += inner, to += outer * inner)
            {
                for (var j = 0; j < inner; j++)
                    front[to + j] = source[from + j];
            }
        }
    }

    private static float[] Rent(int count) => ArrayPool<float>.Shared.Rent(count);

    /// <summary>For each output sample, which order + 1 input samples count and how much.</summary>
    private sealed record Taps(int Order, int[] Index, float[] Weight)
    {
        public static Taps Of(int n, int m, int order)
        {
            var taps = new Taps(order, new int[m * (order + 1)], new float[m * (order + 1)]);
            for (var k = 0; k < m; k++)
            {
                var x = m == 1 ? 0 : (double)k * (n - 1) / (m - 1);
                if (order == 1)
                    taps.Linear(k, x, n);
                else
                    taps.Quadratic(k, x, n);
            }

            return taps;
        }

        private void Linear(int k, double x, int n)
        {
            var start = (int)Math.Floor(x);
            Set(2 * k, start, 1 - (x - start), n);
            Set((2 * k) + 1, start + 1, x - start, n);
        }

        private void Quadratic(int k, double x, int n)
        {
            var gain = n > 1 ? 8 : 1;
            var centre = (int)Math.Floor(x + 0.5);
            var y = x - centre;
            Set(3 * k, centre - 1, gain * 0.5 * (0.5 - y) * (0.5 - y), n);
            Set((3 * k) + 1, centre, gain * (0.75 - (y * y)), n);
            Set((3 * k) + 2, centre + 1, gain * 0.5 * (0.5 + y) * (0.5 + y), n);
        }

        private void Set(int position, int index, double weight, int n)
        {
            var mirrored = index < 0 ? -index : index >= n ? (2 * (n - 1)) - index : index;
            Index[position] = n == 1 ? 0 : mirrored;
            Weight[position] = (float)weight;
        }
    }
}
