using MedSeg.Engine.Configuration;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>Mean of −(t ln p + (1−t) ln(1−p)), logarithms not below −100, so that p = 0 and p = 1 stay finite.</summary>
internal sealed class BinaryCrossEntropyLoss : ISegLoss
{
    public static ComponentSpec Spec { get; } = new("BinaryCrossEntropyLoss", []);

    public string Name => Spec.Name;

    public static BinaryCrossEntropyLoss Create(ComponentConfig config) => new();

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        return nn.functional.binary_cross_entropy(prediction, target);
    }
}
