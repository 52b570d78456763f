using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>½·Σ(p − t)² over batch, classes and space (a sum, not a mean).</summary>
internal sealed class L2Loss(ClassWeights? weights = null) : IClassWeighted
{
    public static ComponentSpec Spec { get; } = new("L2loss", []);

    public string Name => Spec.Name;

    public static L2Loss Create(ComponentConfig config) => new();

    public ISegLoss With(ClassWeights classes) => new L2Loss(classes);

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        return weights.Weigh(prediction.Minus(target).square()).sum().Over(2).MoveToOuterDisposeScope();
    }
}
