using MedSeg.Engine.Configuration;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>½·Σ(p − t)² over batch, classes and space (a sum, not a mean).</summary>
internal sealed class L2Loss : ISegLoss
{
    public static ComponentSpec Spec { get; } = new("L2loss", []);

    public string Name => Spec.Name;

    public static L2Loss Create(ComponentConfig config) => new();

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        return ((prediction - target).square().sum() / 2).MoveToOuterDisposeScope();
    }
}
