using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>Sums over axes of (N,K,…), for any number of spatial axes.</summary>
internal static class ClassSums
{
    /// <summary>One sum per class, over batch and space: (K).</summary>
    public static Tensor OverBatch(Tensor values) => values.sum([.. Axes(values).Where(axis => axis != 1)]);

    /// <summary>One sum per sample and class, over space: (N,K).</summary>
    public static Tensor OverSpace(Tensor values) => values.dim() == 2 ? values : values.sum([.. Axes(values).Where(axis => axis > 1)]);

    private static IEnumerable<long> Axes(Tensor values) => Enumerable.Range(0, (int)values.dim()).Select(axis => (long)axis);
}
