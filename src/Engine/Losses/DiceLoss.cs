using MedSeg.Engine.Configuration;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>
/// −(2Σpt + s)/(Σp + Σt + s) with one sum over batch, classes and space (Milletari, Navab and Ahmadi 2016, with linear
/// denominator). −1 is perfect; with s &gt; 0 an empty prediction of an empty target is perfect too.
/// </summary>
internal sealed class DiceLoss(double smooth) : ISegLoss
{
    public static ComponentSpec Spec { get; } = new(
        "DiceLoss",
        [new("smooth", ParameterKind.Number, 1.0, Minimum: 0, Help: "Added to numerator and denominator; keeps empty masks defined.")]);

    public string Name => Spec.Name;

    public static DiceLoss Create(ComponentConfig config) => new(ParameterReader.Get<double>(config, Spec, "smooth"));

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        var overlap = (prediction * target).sum();
        var total = prediction.sum() + target.sum();
        return (-(2 * overlap + smooth) / (total + smooth)).MoveToOuterDisposeScope();
    }
}
