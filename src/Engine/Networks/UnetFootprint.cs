namespace MedSeg.Engine.Networks;

/// <summary>Counts what training a <see cref="Unet"/> of two or three dimensions keeps in memory.</summary>
public static class UnetFootprint
{
    /// <summary>Values kept of each stage convolution, ReLU, normalisation, dropout: the ReLU's and the dropout's, which work in place.</summary>
    private const int KeptPerStage = 2;
    private const int StagesPerBlock = 2;

    /// <summary>Counts a network of given options for samples of H×W pixels or H×W×D voxels, at least 2^depth along each side.</summary>
    /// <param name="sides">As many numbers as the network has dimensions.</param>
    public static NetworkFootprint Of(UnetOptions options, params ReadOnlySpan<int> sides)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNotEqual(sides.Length, options.Dimensions);
        var sizes = new long[options.Depth + 1];
        for (var level = 0; level < sizes.Length; level++)
            sizes[level] = Size(sides, level);
        int logits = OutputActivation.LogitChannels(options.Classes);
        long filters = options.Filters;
        long weights = Convolution(options, filters, logits);
        long activations = (options.InChannels + options.Classes + logits) * sizes[0];
        long indices = 0;
        long largest = Math.Max(options.InChannels, logits) * sizes[0];
        for (int level = 0; level < options.Depth; level++)
        {
            long channels = filters << level;
            long below = level == options.Depth - 1 ? channels : 2 * channels;
            weights += Block(options, level == 0 ? options.InChannels : channels / 2, channels) + Block(options, below + channels, channels);
            activations += (2 * KeptOf(channels) * sizes[level]) + (channels * sizes[level + 1]) + ((below + channels) * sizes[level]);
            indices += channels * sizes[level + 1];
            largest = Math.Max(largest, (below + channels) * sizes[level]);
        }

        long bottom = filters << (options.Depth - 1);
        weights += Block(options, bottom, bottom);
        activations += KeptOf(bottom) * sizes[options.Depth];
        return new NetworkFootprint(weights, activations, indices, largest);
    }

    private static long Size(ReadOnlySpan<int> sides, int level)
    {
        long size = 1;
        foreach (var side in sides)
            size *= side >> level;
        return size;
    }

    /// <summary>Numbers per pixel that one block keeps.</summary>
    private static long KeptOf(long channels) => KeptPerStage * StagesPerBlock * channels;

    /// <summary>Two convolutions and, in two dimensions, two normalisations with parameters.</summary>
    private static long Block(UnetOptions options, long input, long output) =>
        Convolution(options, input, output) + Convolution(options, output, output) + (options.Dimensions == 2 ? 4 * output : 0);

    private static long Convolution(UnetOptions options, long input, long output) =>
        ((options.Dimensions == 2 ? 9 : 27) * input * output) + output;
}
