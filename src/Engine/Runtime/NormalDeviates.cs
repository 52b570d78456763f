namespace MedSeg.Engine.Runtime;

/// <summary>
/// Many normal deviates at a few ns each: the ziggurat of 256 layers of equal area (Marsaglia and Tsang 2000), with a layer and a place
/// in it from different bits of one random number (Doornik 2005). As in <see cref="RandomStream"/>, only basic IEEE operations are
/// used, so that the same numbers come on every platform.
/// </summary>
internal static class NormalDeviates
{
    private const int Layers = 256;

    /// <summary>Where the tail begins.</summary>
    private const double Tail = 3.6541528853610088;

    /// <summary>exp(−Tail²/2).</summary>
    private const double TailDensity = 0.0012602859304985975;

    /// <summary>Area of a layer, and of the base with its tail.</summary>
    private const double Area = 0.004928673233974655;

    /// <summary>Right ends of the layers from the base up, and exp(−x²/2) there.</summary>
    private static readonly (double[] X, double[] Density) s_layers = Build();

    /// <summary>How far the top layer is from closing exactly; a check of the constants.</summary>
    internal static double Gap => s_layers.Density[Layers - 1] + (Area / s_layers.X[Layers - 1]) - 1;

    /// <summary>Fills with deviates of a mean and a standard deviation.</summary>
    public static void Fill(RandomStream random, Span<float> destination, double mean, double deviation)
    {
        var (x, density) = s_layers;
        for (var i = 0; i < destination.Length; i++)
            destination[i] = (float)(mean + (deviation * Next(random, x, density)));
    }

    private static double Next(RandomStream random, double[] x, double[] density)
    {
        while (true)
        {
            var bits = random.NextBits();
            var layer = (int)(bits & (Layers - 1));
            var value = ((long)bits >> 11) * (1.0 / (1L << 52)) * x[layer];
            if (Math.Abs(value) < x[layer + 1])
                return value;
            if (layer == 0)
                return value < 0 ? -BeyondTail(random) : BeyondTail(random);
            var height = density[layer] + ((density[layer + 1] - density[layer]) * Positive(random));
            if (RandomStream.Ln(height) < -0.5 * value * value)
                return value;
        }
    }

    /// <summary>Marsaglia's method for the tail: exponential proposals.</summary>
    private static double BeyondTail(RandomStream random)
    {
        while (true)
        {
            var further = -RandomStream.Ln(Positive(random)) / Tail;
            if (-2 * RandomStream.Ln(Positive(random)) >= further * further)
                return Tail + further;
        }
    }

    /// <summary>Uniform in (0, 1].</summary>
    private static double Positive(RandomStream random) => 1 - random.NextDouble();

    private static (double[] X, double[] Density) Build()
    {
        var (x, density) = (new double[Layers + 1], new double[Layers + 1]);
        (x[0], density[0]) = (Area / TailDensity, 0);
        (x[1], density[1]) = (Tail, TailDensity);
        for (var layer = 2; layer < Layers; layer++)
        {
            density[layer] = density[layer - 1] + (Area / x[layer - 1]);
            x[layer] = Math.Sqrt(-2 * RandomStream.Ln(density[layer]));
        }

        (x[Layers], density[Layers]) = (0, 1);
        return (x, density);
    }
}
