using System.Buffers;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Separable B-spline interpolation of order 0 to 3 onto a grid whose first and last voxel centres coincide with those of the
/// source: output index k samples k·(n−1)/(m−1). Order 0 takes the nearest voxel and 1 interpolates linearly; orders 2 and 3
/// pass through all samples, with mirrored boundaries. Holds the weights for one pair of grids; safe for several threads.
/// </summary>
internal sealed class SplineResampler
{
    private readonly GridSize _from;
    private readonly GridSize _to;
    private readonly double _pole;
    private readonly (int Axis, BandMatrix Matrix)[] _passes;

    /// <summary>Prepares the weights.</summary>
    /// <param name="order">0 nearest, 1 linear, 2 quadratic, 3 cubic.</param>
    public SplineResampler(GridSize from, GridSize to, int order)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, 3);
        (_from, _to) = (from, to);
        _pole = order switch { 2 => Math.Sqrt(8) - 3, 3 => Math.Sqrt(3) - 2, _ => 0 };
        // Axes that shrink come first, so that the later passes have less to do.
        _passes =
        [
            .. Enumerable.Range(0, 3).Where(axis => from[axis] != to[axis])
                .OrderBy(axis => (double)to[axis] / from[axis])
                .Select(axis => (axis, Weights(from[axis], to[axis], order, _pole))),
        ];
    }

    /// <summary>Number of samples after scaling n samples: n·factor rounded half to even, at least 1.</summary>
    public static int OutputLength(int n, double factor) => Math.Max(1, (int)Math.Round(n * factor, MidpointRounding.ToEven));

    /// <summary>Resamples a grid.</summary>
    /// <param name="order">0 nearest, 1 linear, 2 quadratic, 3 cubic.</param>
    public static void Resample(ReadOnlySpan<float> source, GridSize from, Span<float> destination, GridSize to, int order) =>
        new SplineResampler(from, to, order).Run(source, destination);

    /// <summary>Resamples one plane.</summary>
    /// <param name="source">As many values as the first grid has voxels.</param>
    /// <param name="destination">As many values as the second grid has voxels; must not overlap the source.</param>
    public void Run(ReadOnlySpan<float> source, Span<float> destination)
    {
        source = source[.._from.Count];
        if (_passes.Length == 0)
        {
            source.CopyTo(destination);
            return;
        }

        float[]? held = null;
        var size = _from;
        for (var i = 0; i < _passes.Length; i++)
        {
            var (axis, matrix) = _passes[i];
            var next = size.With(axis, matrix.Outputs);
            var buffer = i == _passes.Length - 1 ? null : ArrayPool<float>.Shared.Rent(next.Count);
            var target = buffer is null ? destination[.._to.Count] : buffer.AsSpan(0, next.Count);
            LineFilter.Run(source, size, axis, matrix, target, _pole);
            if (held is not null)
                ArrayPool<float>.Shared.Return(held);
            source = target;
            (held, size) = (buffer, next);
        }
    }

    private static BandMatrix Weights(int n, int m, int order, double pole)
    {
        var width = Math.Min(order + 1, n);
        var rows = new BandRow[m];
        var weights = new float[m * width];
        var gain = n > 1 && pole != 0 ? RecursiveFilter.Gain(pole) : 1;
        Span<double> basis = stackalloc double[4];
        for (var k = 0; k < m; k++)
        {
            var x = m == 1 ? 0 : (double)k * (n - 1) / (m - 1);
            var first = Basis(x, order, basis);
            var start = Math.Clamp(first, 0, n - width);
            rows[k] = new BandRow(start, width, k * width);
            for (var t = 0; t <= order; t++)
                weights[(k * width) + BandMatrix.Mirror(first + t, n) - start] += (float)(gain * basis[t]);
        }

        return new BandMatrix(n, rows, weights);
    }

    /// <summary>Weights of the order + 1 coefficients around a position.</summary>
    /// <returns>Index of the first of them.</returns>
    private static int Basis(double x, int order, Span<double> basis)
    {
        var floor = Math.Floor(order % 2 == 0 ? x + 0.5 : x);
        var y = x - floor;
        switch (order)
        {
            case 0:
                basis[0] = 1;
                break;
            case 1:
                (basis[0], basis[1]) = (1 - y, y);
                break;
            case 2:
                (basis[0], basis[1], basis[2]) = (0.5 * (0.5 - y) * (0.5 - y), 0.75 - (y * y), 0.5 * (0.5 + y) * (0.5 + y));
                break;
            default:
                var z = 1 - y;
                (basis[0], basis[1]) = (z * z * z / 6, ((y * y * (y - 2) * 3) + 4) / 6);
                (basis[2], basis[3]) = (((z * z * (z - 2) * 3) + 4) / 6, y * y * y / 6);
                break;
        }

        return (int)floor - (order / 2);
    }
}
