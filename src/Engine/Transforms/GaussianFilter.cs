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
        var radius = kernel.Length / 2;
        var matrix = new BandMatrix(n, n, kernel.Length);
        for (var k = 0; k < n; k++)
        {
            matrix.Place(k, k - radius);
            for (var t = 0; t < kernel.Length; t++)
            {
                var i = k - radius + t;
                if (boundary == GaussianBoundary.Reflect)
                    matrix.Add(k, BandMatrix.Reflect(i, n), gain * kernel[t]);
                else if (i >= 0 && i < n)
                    matrix.Add(k, i, gain * kernel[t]);
            }
        }

        return matrix;
    }
}
