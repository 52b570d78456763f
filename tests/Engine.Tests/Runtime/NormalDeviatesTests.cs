using MedSeg.Engine.Runtime;
using Xunit;

namespace MedSeg.Engine.Tests.Runtime;

public class NormalDeviatesTests
{
    private const int Count = 400_000;
    private static readonly float[] s_deviates = Draw(7);

    [Fact]
    public void The_layers_close_at_the_top() => Assert.Equal(0, NormalDeviates.Gap, 1e-10);

    [Fact]
    public void Moments_are_those_of_a_normal_distribution()
    {
        Assert.Equal(0, s_deviates.Average(x => (double)x), 0.007);
        Assert.Equal(1, s_deviates.Average(x => (double)x * x), 0.01);
        Assert.Equal(0, s_deviates.Average(x => Math.Pow(x, 3)), 0.025);
        Assert.Equal(3, s_deviates.Average(x => Math.Pow(x, 4)), 0.07);
    }

    [Theory]
    // P(X > x) of the standard normal distribution, the last two beyond the last layer.
    [InlineData(0.5, 0.3085375)]
    [InlineData(1.5, 0.0668072)]
    [InlineData(3, 0.0013499)]
    [InlineData(3.7, 0.0001078)]
    [InlineData(4.2, 0.0000133)]
    public void Both_sides_have_the_share_of_the_distribution_out_to_the_tail(double x, double share)
    {
        var tolerance = 5 * Math.Sqrt(share / Count);
        Assert.Equal(share, s_deviates.Count(d => d > x) / (double)Count, tolerance);
        Assert.Equal(share, s_deviates.Count(d => d < -x) / (double)Count, tolerance);
    }

    [Fact]
    public void Layers_join_without_a_step()
    {
        // Counts in narrow bins around each of some places follow the density.
        foreach (var x in new[] { 0.0, 0.2, 0.7, 1.3, 2.1, 2.8, 3.4 })
        {
            var expected = Count * 0.1 * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
            Assert.Equal(expected, s_deviates.Count(d => Math.Abs(d - x) < 0.05), (5 * Math.Sqrt(expected)) + (0.002 * expected));
        }
    }

    [Fact]
    public void The_same_stream_gives_the_same_deviates_with_another_mean_and_width()
    {
        Assert.Equal(s_deviates, Draw(7));
        Assert.NotEqual(s_deviates, Draw(8));
        var moved = new float[100];
        NormalDeviates.Fill(new RandomStream(7), moved, 10, 2);
        for (var i = 0; i < moved.Length; i++)
            Assert.Equal(10 + (2 * s_deviates[i]), moved[i], 5);
    }

    private static float[] Draw(long seed)
    {
        var deviates = new float[Count];
        NormalDeviates.Fill(new RandomStream(seed), deviates, 0, 1);
        return deviates;
    }
}
