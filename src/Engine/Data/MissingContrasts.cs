using MedSeg.Engine.Configuration.Checks;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Data;

/// <summary>
/// Hides contrasts of training samples more and more often, so that a network learns to do without them
/// (<c>HeMISUnet.missing_probability</c>): the first epoch has every contrast, and epoch e &gt; 1 hides each with probability
/// p^(g^(e − 1)) for <c>missing_probability_growth</c> g. At least one contrast always stays.
/// </summary>
/// <param name="Probability">p, 0 … 1.</param>
/// <param name="Growth">g, 0 … 1; smaller values grow faster.</param>
internal sealed record MissingContrasts(double Probability, double Growth)
{
    /// <summary>Key of the stream that draws what is hidden; augmentation draws from another.</summary>
    private const long HidingKey = -3;

    /// <summary>The network bears samples without some of their contrasts.</summary>
    public static bool Allowed(SegConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new ConfigFacts(config).Network == "HeMISUnet";
    }

    /// <summary>What training hides; null when the network does not bear it.</summary>
    public static MissingContrasts? Of(SegConfig config) =>
        Allowed(config) ? new(config.HemisUnet.MissingProbability, config.HemisUnet.MissingProbabilityGrowth) : null;

    /// <summary>Probability with which a contrast is hidden.</summary>
    /// <param name="epoch">From 1.</param>
    public double At(int epoch) => epoch <= 1 || Probability <= 0 ? 0 : Math.Pow(Probability, Math.Pow(Growth, epoch - 1));

    /// <summary>
    /// Draws for each contrast that a sample has whether it is hidden, and when that would be all of them, which one stays. Depends on
    /// the seed, the epoch and the sample alone.
    /// </summary>
    /// <param name="available">C numbers, 1 where the sample has the contrast; those that are hidden become 0.</param>
    /// <param name="epoch">From 1.</param>
    /// <param name="keys">Of the sample.</param>
    public void Hide(Span<float> available, long seed, int epoch, params ReadOnlySpan<long> keys)
    {
        var probability = At(epoch);
        if (probability <= 0)
            return;
        var random = new RandomStream(seed, [HidingKey, epoch, .. keys]);
        List<int> there = [], stay = [];
        for (var c = 0; c < available.Length; c++)
        {
            if (available[c] <= 0)
                continue;
            there.Add(c);
            if (random.NextDouble() >= probability)
                stay.Add(c);
            else
                available[c] = 0;
        }

        if (stay.Count == 0 && there.Count > 0)
            available[there[random.Next(there.Count)]] = 1;
    }
}
