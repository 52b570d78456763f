using MedSeg.Engine.Runtime;
using Xunit;

namespace MedSeg.Engine.Tests.Runtime;

/// <summary>Deviates of Beta(α, α) against its moments: mean ½, variance 1/(4(2α+1)), fourth central moment 3/(16(2α+1)(2α+3)).</summary>
public class BetaDeviatesTests
{
    private const int Count = 40_000;

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.4)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(30)]
    public void Moments_are_those_of_the_distribution(double alpha)
    {
        double[] values = Draw(alpha);
        double variance = 1 / (4 * ((2 * alpha) + 1)), fourth = 3 / (16 * ((2 * alpha) + 1) * ((2 * alpha) + 3));

        // Five standard errors of each estimate.
        Assert.Equal(0.5, values.Average(), 5 * Math.Sqrt(variance / Count));
        Assert.Equal(variance, values.Average(v => Math.Pow(v - 0.5, 2)), 5 * Math.Sqrt((fourth - (variance * variance)) / Count));
        Assert.Equal(fourth, values.Average(v => Math.Pow(v - 0.5, 4)), fourth * 0.1);
        Assert.All(values, v => Assert.InRange(v, 0, 1));
    }

    [Theory]
    [InlineData(1, 0.25)]
    [InlineData(0.5, 1.0 / 3)]
    [InlineData(2, 0.15625)]
    public void A_quarter_is_not_reached_as_often_as_it_should(double alpha, double expected) =>
        Assert.Equal(expected, Draw(alpha).Count(v => v < 0.25) / (double)Count, 5 * Math.Sqrt(expected * (1 - expected) / Count));

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-6)]
    [InlineData(1e6)]
    public void Extreme_parameters_give_numbers(double alpha)
    {
        var random = new RandomStream(3);
        double[] values = [.. Enumerable.Range(0, 100).Select(_ => BetaDeviates.Symmetric(random, alpha))];
        Assert.All(values, v => Assert.InRange(v, 0, 1));
        Assert.All(values, v => Assert.Equal(alpha > 1 ? 0.5 : 0, Math.Min(v, 1 - v), 0.01));
    }

    private static double[] Draw(double alpha)
    {
        var random = new RandomStream(11, BitConverter.DoubleToInt64Bits(alpha));
        return [.. Enumerable.Range(0, Count).Select(_ => BetaDeviates.Symmetric(random, alpha))];
    }
}
