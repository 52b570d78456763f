using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>What training makes small.</summary>
public interface ISegLoss
{
    /// <summary>Name in configuration files.</summary>
    string Name { get; }

    /// <summary>The loss of a batch.</summary>
    /// <param name="prediction">(N,K,H,W) probabilities in [0,1]; more or fewer spatial axes work too.</param>
    /// <param name="target">Same shape, 0 to 1.</param>
    /// <returns>Scalar, differentiable with respect to <paramref name="prediction"/>.</returns>
    /// <exception cref="SegException"><c>LossShapeMismatch</c></exception>
    Tensor Forward(Tensor prediction, Tensor target);
}

/// <summary>Checks that losses share.</summary>
internal static class LossChecks
{
    /// <summary>Shapes must be equal: broadcasting would silently compute something else.</summary>
    public static void SameShape(string loss, Tensor prediction, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        if (!prediction.shape.AsSpan().SequenceEqual(target.shape))
        {
            throw new SegException(
                "LossShapeMismatch", SegErrorKind.InvalidArgument,
                $"{loss}: the prediction is ({string.Join(',', prediction.shape)}), the target ({string.Join(',', target.shape)}).",
                "Check that target_suffix lists the classes the network was built for.");
        }
    }
}
