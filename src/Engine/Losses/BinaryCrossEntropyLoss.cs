using MedSeg.Engine.Configuration;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>Mean of −(t ln p + (1−t) ln(1−p)), logarithms not below −100, so that p = 0 and p = 1 stay finite.</summary>
internal sealed class BinaryCrossEntropyLoss(ClassWeights? weights = null) : IClassWeighted
{
    public static ComponentSpec Spec { get; } = new("BinaryCrossEntropyLoss", []);

    public string Name => Spec.Name;

    public static BinaryCrossEntropyLoss Create(ComponentConfig config) => new();

    public ISegLoss With(ClassWeights classes) => new BinaryCrossEntropyLoss(classes);

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        return nn.functional.binary_cross_entropy(prediction, target, weights?.Row(target).expand_as(target)).MoveToOuterDisposeScope();
    }
}
