namespace MedSeg.Engine.Data.Film;

/// <summary>
/// Density of some numbers as a sum of Gaussian kernels, p(x) = Σᵢ exp(−(x − xᵢ)² / 2h²) / (n·h·√2π), computed as a logarithm so that
/// narrow kernels do not vanish between the numbers.
/// </summary>
internal sealed class KernelDensity
{
    private readonly double[] _centres;
    private readonly double[] _counts;
    private readonly double _bandwidth;
    private readonly double _logOfScale;

    /// <param name="values">At least one.</param>
    /// <param name="bandwidth">h, above 0.</param>
    public KernelDensity(IEnumerable<double> values, double bandwidth)
        : this(Weighted(values), bandwidth)
    {
    }

    private KernelDensity((double Value, int Count)[] values, double bandwidth)
    {
        _bandwidth = bandwidth;
        _centres = [.. values.Select(v => v.Value)];
        _counts = [.. values.Select(v => (double)v.Count)];
        _logOfScale = Math.Log(_counts.Sum() * bandwidth * Math.Sqrt(2 * Math.PI));
    }

    /// <summary>
    /// The bandwidth, of 50 spaced evenly in logarithm from 1e-4 to 10, under which numbers that are left out are the likeliest: the
    /// sum of their log densities over five folds is the largest. Number i of the sorted ones is left out in fold i mod 5, so that
    /// every cluster is in every fold and the order of the images does not count.
    /// </summary>
    /// <param name="values">At least two.</param>
    public static double BestBandwidth(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var folds = Math.Min(5, sorted.Length);
        var parts = Enumerable.Range(0, folds)
            .Select(fold => (Kept: Weighted(sorted.Where((_, i) => i % folds != fold)), LeftOut: Weighted(sorted.Where((_, i) => i % folds == fold))))
            .ToArray();
        return Enumerable.Range(0, 50).Select(i => Math.Pow(10, -4 + (5.0 * i / 49))).MaxBy(bandwidth => parts.Sum(part =>
        {
            var density = new KernelDensity(part.Kept, bandwidth);
            return part.LeftOut.Sum(left => left.Count * density.LogAt(left.Value));
        }));
    }

    /// <summary>ln p(x).</summary>
    public double LogAt(double x)
    {
        var largest = double.NegativeInfinity;
        foreach (var centre in _centres)
            largest = Math.Max(largest, Exponent(x, centre));
        var sum = 0.0;
        for (var i = 0; i < _centres.Length; i++)
            sum += _counts[i] * Math.Exp(Exponent(x, _centres[i]) - largest);
        return largest + Math.Log(sum) - _logOfScale;
    }

    private double Exponent(double x, double centre)
    {
        var distance = (x - centre) / _bandwidth;
        return -0.5 * distance * distance;
    }

    private static (double Value, int Count)[] Weighted(IEnumerable<double> values) =>
        [.. values.GroupBy(v => v).Select(group => (group.Key, group.Count())).OrderBy(group => group.Key)];
}
