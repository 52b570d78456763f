using TorchSharp;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>
/// Mean hard Dice over samples and classes, 2|P∩G| / (|P|+|G|), where it is defined: a sample in which neither the prediction nor
/// the reference has the class is left out.
/// </summary>
/// <param name="threshold">A pixel belongs to a class where its probability is at least this.</param>
internal sealed class SliceDice(double threshold)
{
    private double _sum;
    private long _count;

    /// <summary>The mean so far; null when it is defined nowhere.</summary>
    public double? Mean => _count == 0 ? null : _sum / _count;

    /// <summary>Adds a batch of probabilities and references, both (N,K,H,W), (N,K,H,W,D) or (N,K).</summary>
    public void Add(Tensor prediction, Tensor target)
    {
        using var scope = NewDisposeScope();
        using Scalar least = threshold, half = 0.5;
        Tensor p = prediction.ge(least), g = target.ge(half);
        Tensor sizes = (Count(p) + Count(g)).cpu(), common = Count(p.logical_and(g)).cpu();
        foreach (var (size, shared) in sizes.data<long>().Zip(common.data<long>()))
        {
            if (size == 0) continue;
            _sum += 2.0 * shared / size;
            _count++;
        }
    }

    private static Tensor Count(Tensor mask) => mask.reshape(mask.shape[0], mask.shape[1], -1).sum([2], type: int64);
}
