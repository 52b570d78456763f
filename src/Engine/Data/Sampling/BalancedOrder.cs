using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Data.Sampling;

/// <summary>
/// Draws as many samples as there are, with replacement, each with a weight of one over the number of samples of its label. The
/// weights of each label then add up to 1, so a draw is one of a label and one of a sample with it, both uniform.
/// </summary>
public sealed class BalancedOrder : ISampleOrder
{
    private readonly long _seed;
    private readonly int[][] _samplesOfLabel;

    /// <param name="labels">One label per sample; what they are called does not matter, only which are equal.</param>
    /// <param name="seed">Of the draws.</param>
    public BalancedOrder(IReadOnlyList<string> labels, long seed)
    {
        ArgumentNullException.ThrowIfNull(labels);
        (Count, _seed) = (labels.Count, seed);
        _samplesOfLabel = [.. Enumerable.Range(0, labels.Count)
            .GroupBy(i => labels[i], StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => group.ToArray())];
    }

    public int Count { get; }

    public bool Repeats => true;

    /// <summary>How many different labels there are.</summary>
    public int Labels => _samplesOfLabel.Length;

    /// <summary>The weight of each sample.</summary>
    public double[] Weights()
    {
        var weights = new double[Count];
        foreach (var samples in _samplesOfLabel)
        {
            foreach (var sample in samples)
                weights[sample] = 1.0 / samples.Length;
        }

        return weights;
    }

    public int[] Epoch(int epoch)
    {
        var random = new RandomStream(_seed, epoch, ShuffledOrder.OrderKey);
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++)
        {
            var samples = _samplesOfLabel[random.Next(_samplesOfLabel.Length)];
            order[i] = samples[random.Next(samples.Length)];
        }

        return order;
    }
}
