using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Training.Mixing;

/// <summary>What mixup does to a batch: sample i becomes λ·sample i + (1 − λ)·sample <see cref="Partners"/>[i].</summary>
/// <param name="Share">λ, 0.5 to 1.</param>
/// <param name="Partners">A permutation of the samples.</param>
/// <param name="Shown">The sample that a picture shows.</param>
internal sealed record MixupDraw(double Share, int[] Partners, int Shown)
{
    /// <summary>Tells these random numbers from others of the same batch.</summary>
    private const long Purpose = 0x6D69787570;

    /// <summary>Draws for a batch: λ' of Beta(α, α), and λ the larger of λ' and 1 − λ'.</summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="number">Of the batch in its epoch, from 0.</param>
    public static MixupDraw For(long seed, int epoch, int number, double alpha, int samples)
    {
        var random = new RandomStream(seed, epoch, number, Purpose);
        double share = BetaDeviates.Symmetric(random, alpha);
        return new(Math.Max(share, 1 - share), random.Permutation(samples), random.Next(samples));
    }
}
