using MedSeg.Engine.Data.Film;
using Xunit;

namespace MedSeg.Engine.Tests.Data.Film;

/// <summary>The clustering of mri_params against the formulas written out.</summary>
public class KernelDensityTests
{
    private static readonly double[] RepetitionTimes = [2.0, 5.1, 0.5, 2.1, 4.9, 1.9, 0.55, 5.0, 2.05, 0.45, 5.05, 0.52];

    private static readonly double[] FlipAngles = [15, 90, 87, 12, 92, 14, 16, 180, 91, 176, 18, 178, 182];

    public static TheoryData<string, double[]> Measurements => new()
    {
        { "RepetitionTime", RepetitionTimes },
        { "FlipAngle", FlipAngles },
        { "EchoTime", [0.01, 0.012, 0.09, 0.1, 0.011, 0.095, 0.0105] },
        { "EchoTime", [0.01, 0.03] },
    };

    [Theory]
    [MemberData(nameof(Measurements))]
    public void Bandwidth_and_boundaries_equal_the_formulas(string name, double[] values)
    {
        var bandwidth = BandwidthByFormula(values);
        Assert.Equal(bandwidth, KernelDensity.BestBandwidth(values), 1e-12);
        var grid = GridByFormula(name);
        var actual = MriParameters.GridOf(name, values);
        Assert.Equal(grid.Length, actual.Length);
        Assert.All(grid.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        Assert.Equal(BoundariesByFormula(values, bandwidth, actual), DensityClusters.Boundaries(values, actual));
    }

    [Fact]
    public void Density_is_the_mean_of_the_kernels()
    {
        var density = new KernelDensity(FlipAngles, 3);
        Assert.Equal(Math.Log(DensityByFormula(FlipAngles, 3, 100)), density.LogAt(100), 1e-10);
        Assert.True(double.IsFinite(new KernelDensity(FlipAngles, 1e-4).LogAt(50)));
    }

    [Fact]
    public void Clusters_are_what_one_sees()
    {
        var boundaries = DensityClusters.Boundaries(FlipAngles, MriParameters.GridOf("FlipAngle", FlipAngles));
        Assert.Equal([0, 1, 1, 0, 1, 0, 0, 2, 1, 2, 0, 2, 2], FlipAngles.Select(angle => DensityClusters.Of(angle, boundaries)));
    }

    /// <summary>Scanners write the same number again and again; the narrowest kernels then win, and the density between is too small for a double.</summary>
    [Fact]
    public void Repeated_values_are_clusters_of_their_own()
    {
        double[] angles = [.. Enumerable.Repeat(15.0, 10), .. Enumerable.Repeat(90.0, 10)];
        var boundary = Assert.Single(DensityClusters.Boundaries(angles, MriParameters.GridOf("FlipAngle", angles)));
        Assert.Equal(52.5, boundary, 0.5);
    }

    /// <summary>Midway between two values that lie symmetrically about the grid two points have the same density.</summary>
    [Fact]
    public void A_minimum_of_two_equal_points_is_one_boundary() =>
        Assert.Equal([1.0], DensityClusters.Boundaries([0, 0, 3, 3], [0, 1, 2, 3]));

    [Fact]
    public void One_value_has_no_boundary()
    {
        Assert.Empty(DensityClusters.Boundaries([], [0, 1, 2]));
        Assert.Empty(DensityClusters.Boundaries([2.5, 2.5, 2.5], [0, 1, 2, 3]));
    }

    [Fact]
    public void The_order_of_the_images_does_not_count()
    {
        var grid = MriParameters.GridOf("RepetitionTime", RepetitionTimes);
        Assert.Equal(
            DensityClusters.Boundaries(RepetitionTimes, grid), DensityClusters.Boundaries([.. RepetitionTimes.Reverse()], grid));
    }

    [Fact]
    public void Milliseconds_are_told_apart_too()
    {
        double[] times = [600, 610, 590, 605, 2500, 2510, 2490, 2505];
        var boundary = Assert.Single(DensityClusters.Boundaries(times, MriParameters.GridOf("RepetitionTime", times)));
        Assert.InRange(boundary, 700, 2400);
    }

    [Fact]
    public void Many_different_values_take_no_longer_than_a_thousand()
    {
        var times = Enumerable.Range(0, 20000).Select(i => 0.5 + (i % 2 * 4) + (i * 1e-6)).ToArray();
        Assert.NotEmpty(DensityClusters.Boundaries(times, [.. MriParameters.GridOf("RepetitionTime", times).Where((_, i) => i % 10 == 0)]));
    }

    private static double DensityByFormula(IEnumerable<double> values, double h, double x) =>
        values.Average(value => Math.Exp(-(x - value) * (x - value) / (2 * h * h)) / (h * Math.Sqrt(2 * Math.PI)));

    private static double BandwidthByFormula(double[] values)
    {
        var sorted = values.Order().ToArray();
        var folds = Math.Min(5, sorted.Length);
        var (best, likeliest) = (0.0, double.NegativeInfinity);
        for (var i = 0; i < 50; i++)
        {
            var h = Math.Pow(10, -4 + (i * 5.0 / 49));
            var score = 0.0;
            for (var fold = 0; fold < folds; fold++)
            {
                var kept = sorted.Where((_, n) => n % folds != fold).ToArray();
                score += sorted.Where((_, n) => n % folds == fold).Sum(x => Math.Log(DensityByFormula(kept, h, x)));
            }

            if (score > likeliest)
                (best, likeliest) = (h, score);
        }

        return best;
    }

    private static double[] GridByFormula(string name) => [.. Enumerable.Range(0, 1000).Select(i => name switch
    {
        "FlipAngle" => 360 * i / 999.0,
        "RepetitionTime" => Math.Pow(10, -1 + (2 * i / 999.0)),
        _ => Math.Pow(10, -3 + (4 * i / 999.0)),
    })];

    private static double[] BoundariesByFormula(double[] values, double h, double[] grid)
    {
        var heights = grid.Select(x => DensityByFormula(values, h, x)).ToArray();
        return [.. grid.Where((_, i) => i > 0 && i < grid.Length - 1 && heights[i] < heights[i - 1] && heights[i] < heights[i + 1])];
    }
}
