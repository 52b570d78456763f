using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Data.Sampling;

/// <summary>Which samples an epoch takes, in which order. It depends on seed and epoch only, so that training can go on anywhere.</summary>
public interface ISampleOrder
{
    /// <summary>Samples of an epoch.</summary>
    int Count { get; }

    /// <summary>A sample may come more than once in an epoch.</summary>
    bool Repeats { get; }

    /// <summary>The indices of an epoch's samples; balanced sampling takes some more than once.</summary>
    int[] Epoch(int epoch);
}

/// <summary>All samples, in a new order each epoch.</summary>
public sealed class ShuffledOrder(int count, long seed) : ISampleOrder
{
    // Beside the keys of samples, which are their indices.
    internal const long OrderKey = -1;

    public int Count => count;

    public bool Repeats => false;

    public int[] Epoch(int epoch) => new RandomStream(seed, epoch, OrderKey).Permutation(count);
}
