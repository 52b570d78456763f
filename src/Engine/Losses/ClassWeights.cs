using System.Globalization;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>A loss in which classes can count differently.</summary>
internal interface IClassWeighted : ISegLoss
{
    /// <summary>The same loss with these weights.</summary>
    ISegLoss With(ClassWeights weights);
}

/// <summary>How much each class counts, scaled to a mean of 1.</summary>
internal sealed class ClassWeights
{
    private readonly float[] _weights;

    /// <param name="weights">One per class, 0 or more, not all 0.</param>
    public ClassWeights(IReadOnlyList<double> weights)
    {
        double mean = weights.Average();
        if (!(mean > 0) || weights.Any(w => w < 0))
        {
            throw new SegException("ClassWeightsInvalid", SegErrorKind.InvalidArgument, $"The weights of the classes ({string.Join(", ", weights.Select(w => w.ToString(CultureInfo.InvariantCulture)))}) are not numbers from 0, one of them above 0.",
                "Give a positive weight to at least one class.", "training_parameters.class_weights");
        }

        _weights = [.. weights.Select(w => (float)(w / mean))];
    }

    public int Count => _weights.Length;

    public double this[int index] => _weights[index];

    /// <summary>(1,K,1,…), as many axes as <paramref name="values"/>; a background behind the classes weighs 1.</summary>
    /// <param name="values">(N,K,…), or (N,K + 1,…) with a background.</param>
    /// <exception cref="SegException"><c>ClassWeightsCount</c>.</exception>
    public Tensor Row(Tensor values, bool background = false)
    {
        float[] all = background ? [.. _weights, 1] : _weights;
        if (all.Length != values.shape[1]) throw WrongCount(_weights.Length, values.shape[1] - (background ? 1 : 0));
        return tensor(all, device: values.device).reshape([1, all.Length, .. Enumerable.Repeat(1L, (int)values.dim() - 2)]);
    }

    public static SegException WrongCount(int weights, long classes) => new(
        "ClassWeightsCount", SegErrorKind.InvalidArgument, $"training_parameters.class_weights has {weights} numbers for {classes} classes.",
        "Give one number for each class of target_suffix.", "training_parameters.class_weights");
}

/// <summary>What losses do with weights of classes that may not be there.</summary>
internal static class ClassWeighting
{
    /// <summary>Each class times its weight: (N,K,…).</summary>
    public static Tensor Weigh(this ClassWeights? weights, Tensor values) => weights is null ? values : values.mul(weights.Row(values));

    /// <summary>The weighted mean of one number per class, (K).</summary>
    public static Tensor Mean(this ClassWeights? weights, Tensor perClass) => (weights is null ? perClass : weights.Weigh(perClass.unsqueeze(0))).mean();
}
