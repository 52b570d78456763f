namespace MedSeg.Engine.Transforms;

/// <summary>What lies outside a grid that is smoothed.</summary>
internal enum GaussianBoundary
{
    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The grid mirrored half a voxel beyond its ends: b a | a b c | c b.</summary>
    Reflect,
}

/// <summary>
/// Smoothing by a Gaussian sampled at whole voxels up to 4 standard deviations and normalised to sum 1, along every axis that
/// has more than one voxel. Holds the weights for one grid; safe for several threads.
/// </summary>
internal sealed class GaussianFilter
{
    private readonly GridSize _size;
    private readonly (int Axis, BandMatrix Matrix)[] _passes;

    /// <summary>Prepares the weights.</summary>
    /// <param name="sigma">Standard deviation in voxels; 0 changes nothing.</param>
    /// <param name="gain">Factor of the result.</param>
    public GaussianFilter(GridSize size, double sigma, GaussianBoundary boundary, double gain = 1)
    {
        _size = size;
        var kernel = Kernel(sigma);
        var axes = Enumerable.Range(0, 3).Where(axis => size[axis] > 1).ToArray();
        _passes = new (int, BandMatrix)[Math.Max(1, axes.Length)];
        // A grid of one voxel still gets its gain.
        if (axes.Length == 0)
            _passes[0] = (0, Weights(1, [1], boundary, gain));
        for (var i = 0; i < axes.Length; i++)
            _passes[i] = (axes[i], Weights(size[axes[i]], kernel, boundary, i == 0 ? gain : 1));
    }

    /// <summary>The weights of whole voxels from −r to r, r = ⌊4σ + ½⌋.</summary>
    public static double[] Kernel(double sigma)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sigma);
        var radius = (int)((4 * sigma) + 0.5);
        var kernel = new double[(2 * radius) + 1];
        var sum = 0.0;
        for (var i = -radius; i <= radius; i++)
            sum += kernel[i + radius] = i == 0 ? 1 : Math.Exp(-0.5 * i * i / (sigma * sigma));
        for (var i = 0; i < kernel.Length; i++)
            kernel[i] /= sum;
        return kernel;
    }

    /// <summary>Smooths one plane.</summary>
    /// <param name="source">As many values as the grid has voxels.</param>
    /// <param name="destination">As many; may be the source itself.</param>
    public void Run(ReadOnlySpan<float> source, Span<float> destination)
    {
        source = source[.._size.Count];
        foreach (var (axis, matrix) in _passes)
        {
            LineFilter.Run(source, _size, axis, matrix, destination);
            source = destination[.._size.Count];
        }
    }

    private static BandMatrix Weights(int n, double[] kernel, GaussianBoundary boundary, double gain)
    {
        var weights = Array.ConvertAll(kernel, x => (float)(x * gain));
        return boundary == GaussianBoundary.Zero ? Cut(n, weights) : Folded(n, weights);
    }

    /// <summary>Rows at the ends use a part of the kernel.</summary>
    private static BandMatrix Cut(int n, float[] kernel)
    {
        var radius = kernel.Length / 2;
        var rows = new BandRow[n];
        for (var k = 0; k < n; k++)
        {
            var first = Math.Max(0, k - radius);
            rows[k] = new BandRow(first, Math.Min(n, k + radius + 1) - first, first - (k - radius));
        }

        return new BandMatrix(n, rows, kernel);
    }

    /// <summary>Rows at the ends have weights of their own: what lies outside counts for the voxel that it mirrors.</summary>
    private static BandMatrix Folded(int n, float[] kernel)
    {
        var radius = kernel.Length / 2;
        var width = Math.Min(kernel.Length, n);
        var rows = new BandRow[n];
        var ends = Enumerable.Range(0, n).Where(k => k < radius || k + radius >= n).ToArray();
        var weights = new float[kernel.Length + (ends.Length * width)];
        kernel.CopyTo(weights, 0);
        for (var k = radius; k < n - radius; k++)
            rows[k] = new BandRow(k - radius, kernel.Length, 0);
        for (var e = 0; e < ends.Length; e++)
        {
            var k = ends[e];
            var start = Math.Clamp(k - radius, 0, n - width);
            rows[k] = new BandRow(start, width, kernel.Length + (e * width));
            for (var t = 0; t < kernel.Length; t++)
                weights[rows[k].At + BandMatrix.Reflect(k - radius + t, n) - start] += kernel[t];
        }

        return new BandMatrix(n, rows, weights);
    }
}
