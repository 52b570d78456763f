namespace MedSeg.Engine.Networks;

/// <summary>Counts what training a <see cref="Modified3DUnet"/> without FiLM keeps in memory.</summary>
public static class Modified3DUnetFootprint
{
    private const int Levels = 5;

    /// <summary>Kept at the first level: the residual, three activations and what the second level gets.</summary>
    private const int KeptAtTop = 5;

    /// <summary>Kept of the block of a level: what goes into each of its two passes, normalised or not.</summary>
    private const int KeptPerResidual = 4;

    /// <summary>Before and after the activation of a level: normalisation keeps what it gets, the leaky ReLU what it gives.</summary>
    private const int KeptPerActivation = 2;

    /// <summary>Counts a network of given options for volumes of H×W×D voxels, multiples of 16.</summary>
    public static NetworkFootprint Of(Modified3DUnetOptions options, int height, int width, int depth)
    {
        ArgumentNullException.ThrowIfNull(options);
        var sizes = new long[Levels];
        for (var level = 0; level < Levels; level++)
            sizes[level] = (long)(height >> level) * (width >> level) * (depth >> level);
        long logits = OutputActivation.LogitChannels(options.Classes);
        long kept = ((options.InChannels + options.Classes + logits) * sizes[0]) + Context(options, sizes) + Localization(options, sizes);
        long weights = ContextWeights(options) + LocalizationWeights(options, logits);
        if (options.Attention)
            (kept, weights) = (kept + Attention(options, sizes), weights + AttentionWeights(options));
        long largest = Math.Max(Math.Max(options.InChannels, logits), 2L * options.Filters) * sizes[0];
        return new NetworkFootprint(weights, kept, 0, largest);
    }

    private static long Context(Modified3DUnetOptions o, long[] sizes)
    {
        long kept = KeptAtTop * (long)o.Filters * sizes[0];
        for (var level = 1; level < Levels; level++)
            kept += (KeptPerResidual + KeptPerActivation) * Channels(o, level) * sizes[level];
        return kept;
    }

    private static long Localization(Modified3DUnetOptions o, long[] sizes)
    {
        long kept = (Channels(o, 4) * sizes[3]) + (2 * KeptPerActivation * Channels(o, 3) * sizes[3]);
        for (var level = 3; level >= 1; level--)
        {
            // Joined, twice as many channels, then halved; then up to the next level, and there half of these.
            long channels = Channels(o, level);
            kept += ((1 + KeptPerActivation) * 2 * channels * sizes[level]) + (KeptPerActivation * channels * sizes[level]);
            kept += (channels + (KeptPerActivation * channels / 2)) * sizes[level - 1];
        }

        return kept + ((1 + KeptPerActivation) * 2L * o.Filters * sizes[0]);
    }

    /// <summary>The gating signal, one more activation of the deepest level, and three gates that work at half of their resolution.</summary>
    private static long Attention(Modified3DUnetOptions o, long[] sizes)
    {
        long kept = (Channels(o, 4) + (KeptPerActivation * Channels(o, 3))) * sizes[4];
        for (var level = 1; level <= 3; level++)
        {
            long channels = Channels(o, level);
            kept += ((channels + 1) * sizes[level + 1]) + (((2 * channels) + 1) * sizes[level]);
        }

        return kept;
    }

    private static long ContextWeights(Modified3DUnetOptions o)
    {
        long n = o.Filters;
        long weights = 27 * n * (o.InChannels + n + n);
        for (var level = 1; level < Levels; level++)
            weights += 27 * Channels(o, level) * (Channels(o, level - 1) + Channels(o, level));
        return weights;
    }

    private static long LocalizationWeights(Modified3DUnetOptions o, long logits)
    {
        long n = o.Filters;
        long weights = (27 * Channels(o, 4) * Channels(o, 3)) + (Channels(o, 3) * Channels(o, 3));
        for (var level = 3; level >= 1; level--)
        {
            long channels = Channels(o, level);
            weights += (27 * 4 * channels * channels) + (2 * channels * channels) + (27 * channels * channels / 2);
        }

        return weights + (27 * 4 * n * n) + (logits * ((2 * n) + Channels(o, 3) + Channels(o, 2)));
    }

    private static long AttentionWeights(Modified3DUnetOptions o)
    {
        long gating = Channels(o, 3);
        long weights = (Channels(o, 4) * gating) + (3 * gating);
        for (var level = 1; level <= 3; level++)
        {
            long channels = Channels(o, level);
            weights += (8 * channels * channels) + (gating * channels) + channels + channels + 1 + (channels * channels) + (3 * channels);
        }

        return weights;
    }

    private static long Channels(Modified3DUnetOptions o, int level) => (long)o.Filters << level;
}
