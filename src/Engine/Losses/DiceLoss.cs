using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>
/// −(2Σpt + s)/(Σp + Σt + s) with one sum over batch, classes and space (Milletari, Navab and Ahmadi 2016, with linear
/// denominator). −1 is perfect; with s &gt; 0 an empty prediction of an empty target is perfect too.
/// </summary>
internal sealed class DiceLoss(double smooth, ClassWeights? weights = null) : IClassWeighted
{
    public static ComponentSpec Spec { get; } = new(
        "DiceLoss",
        [new("smooth", ParameterKind.Number, 1.0, Minimum: 0, Help: "Added to numerator and denominator; keeps empty masks defined.")]);

    public string Name => Spec.Name;

    public static DiceLoss Create(ComponentConfig config) => new(ParameterReader.Get<double>(config, Spec, "smooth"));

    public ISegLoss With(ClassWeights classes) => new DiceLoss(smooth, classes);

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        var overlap = weights.Weigh(prediction.mul(target)).sum();
        var total = weights.Weigh(prediction).sum().Plus(weights.Weigh(target).sum());
        return overlap.Times(2).Plus(smooth).neg().div(total.Plus(smooth)).MoveToOuterDisposeScope();
    }
}
