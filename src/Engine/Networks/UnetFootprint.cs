namespace MedSeg.Engine.Networks;

/// <summary>
/// What training a two-dimensional <see cref="Unet"/> keeps in memory, counted layer by layer. docs/networks.md has the formula.
/// </summary>
/// <param name="Weights">Trainable numbers.</param>
/// <param name="Activations">Numbers per sample that the backward pass needs, the sample itself and its target included.</param>
/// <param name="PoolingIndices">Per sample, 8 bytes each.</param>
/// <param name="Largest">Numbers per sample of the largest tensor: its gradient and one temporary come on top.</param>
public sealed record UnetFootprint(long Weights, long Activations, long PoolingIndices, long Largest)
{
    /// <summary>Values kept of each stage convolution, ReLU, normalisation, dropout: the ReLU's and the dropout's, which work in place.</summary>
    private const int KeptPerStage = 2;
    private const int StagesPerBlock = 2;
    private const int BytesPerNumber = 4;
    private const int BytesPerIndex = 8;

    /// <summary>Weight, gradient and the two moments of Adam.</summary>
    private const int CopiesOfWeights = 4;

    /// <summary>Bytes of one training step; a double, because configurations can ask for more than a long counts.</summary>
    public double TrainingBytes(int batchSize) =>
        (Weights * CopiesOfWeights * BytesPerNumber)
        + ((double)batchSize * ((Activations * BytesPerNumber) + (PoolingIndices * BytesPerIndex) + (2 * Largest * BytesPerNumber)));

    /// <summary>Counts a network of given options for samples of height × width pixels, at least 2^depth each.</summary>
    public static UnetFootprint Of(UnetOptions options, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(options);
        long[] area = [.. Enumerable.Range(0, options.Depth + 1).Select(level => (long)(height >> level) * (width >> level))];
        int logits = OutputActivation.LogitChannels(options.Classes);
        long filters = options.Filters;
        long weights = Convolution(filters, logits);
        long activations = (options.InChannels + options.Classes + logits) * area[0];
        long indices = 0;
        long largest = Math.Max(options.InChannels, logits) * area[0];
        for (int level = 0; level < options.Depth; level++)
        {
            long channels = filters << level;
            long below = level == options.Depth - 1 ? channels : 2 * channels;
            weights += Block(level == 0 ? options.InChannels : channels / 2, channels) + Block(below + channels, channels);
            activations += (2 * KeptOf(channels) * area[level]) + (channels * area[level + 1]) + ((below + channels) * area[level]);
            indices += channels * area[level + 1];
            largest = Math.Max(largest, (below + channels) * area[level]);
        }

        long bottom = filters << (options.Depth - 1);
        weights += Block(bottom, bottom);
        activations += KeptOf(bottom) * area[options.Depth];
        return new UnetFootprint(weights, activations, indices, largest);
    }

    /// <summary>Numbers per pixel that one block keeps.</summary>
    private static long KeptOf(long channels) => KeptPerStage * StagesPerBlock * channels;

    /// <summary>Two convolutions and two normalisations.</summary>
    private static long Block(long input, long output) => Convolution(input, output) + Convolution(output, output) + (4 * output);

    private static long Convolution(long input, long output) => (9 * input * output) + output;
}
