namespace MedSeg.Engine.Runtime;

/// <summary>
/// Deviates of the Beta distribution with two equal parameters, as shares of two Gamma deviates. As in <see cref="RandomStream"/>, only
/// basic IEEE operations are used, so that the same numbers come on every platform.
/// </summary>
internal static class BetaDeviates
{
    private const double LnTwo = 0.6931471805599453;

    /// <summary>Beyond this difference of logarithms the smaller share is below the smallest double.</summary>
    private const double Farthest = 800;

    /// <summary>A deviate of Beta(α, α), in [0, 1].</summary>
    /// <param name="alpha">Above 0: below 1 the ends are likelier than the middle, 1 is uniform, above 1 the middle is likelier.</param>
    public static double Symmetric(RandomStream random, double alpha)
    {
        // G/(G + H) with G and H of Gamma(α), which for α < 1 is Gamma(α + 1)·U^(1/α); in logarithms, because U^(1/α) may underflow.
        double shape = alpha < 1 ? alpha + 1 : alpha;
        double difference = RandomStream.Ln(Gamma(random, shape)) - RandomStream.Ln(Gamma(random, shape));
        if (alpha < 1) difference += (RandomStream.Ln(1 - random.NextDouble()) - RandomStream.Ln(1 - random.NextDouble())) / alpha;
        double ratio = ExpOfMinus(Math.Min(Math.Abs(difference), Farthest));
        return difference > 0 ? 1 / (1 + ratio) : ratio / (1 + ratio);
    }

    /// <summary>A deviate of Gamma(shape, 1) for shapes from 1 (Marsaglia and Tsang 2000).</summary>
    private static double Gamma(RandomStream random, double shape)
    {
        double d = shape - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = random.Normal(), cube = 1 + (c * x);
            if (cube <= 0) continue;
            double v = cube * cube * cube;
            if (RandomStream.Ln(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * RandomStream.Ln(v))) return d * v;
        }
    }

    /// <summary>e^−x for x from 0: a power of two times the series for what is left.</summary>
    private static double ExpOfMinus(double x)
    {
        int halvings = (int)(x / LnTwo);
        double rest = x - (halvings * LnTwo), sum = 1;
        for (int k = 20; k >= 1; k--) sum = 1 - (rest / k * sum);
        return Math.ScaleB(sum, -halvings);
    }
}
