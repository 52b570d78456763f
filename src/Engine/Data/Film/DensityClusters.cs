namespace MedSeg.Engine.Data.Film;

/// <summary>Divides numbers into clusters where their <see cref="KernelDensity"/> is lowest.</summary>
internal static class DensityClusters
{
    /// <summary>Finding a bandwidth takes time with the square of the different values.</summary>
    private const int MostValues = 1000;

    /// <summary>The local minima of the density, ascending; of equal neighbours that form a minimum the middle one.</summary>
    /// <param name="values">Any order.</param>
    /// <param name="grid">Where minima are looked for, ascending.</param>
    public static double[] Boundaries(IReadOnlyCollection<double> values, double[] grid)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0 || sorted[0] == sorted[^1])
            return [];
        if (sorted.Length > MostValues)
            sorted = [.. Enumerable.Range(0, MostValues).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / (MostValues - 1))])];
        var density = new KernelDensity(sorted, KernelDensity.BestBandwidth(sorted));
        return Minima(Array.ConvertAll(grid, density.LogAt)).Select(i => grid[i]).ToArray();
    }

    /// <summary>The number of the cluster, from 0: how many boundaries are not above the value.</summary>
    public static int Of(double value, IReadOnlyList<double> boundaries) => boundaries.Count(boundary => boundary <= value);

    private static IEnumerable<int> Minima(double[] heights)
    {
        for (var first = 1; first < heights.Length - 1; first++)
        {
            if (heights[first] >= heights[first - 1])
                continue;
            var last = first;
            while (last < heights.Length - 1 && heights[last + 1] == heights[first])
                last++;
            if (last < heights.Length - 1 && heights[last + 1] > heights[first])
                yield return (first + last) / 2;
            first = last;
        }
    }
}
