using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>
/// Mean over classes of (1 − TI)^(1/γ) with the index of <see cref="TverskyLoss"/> (Abraham and Khan 2019). 0 is perfect.
/// The slope of that power grows without bound towards a perfect class, where the reference toolbox's gradient is NaN; below
/// 1 − TI = 1e-7 the power is therefore continued by the straight line to 0.
/// </summary>
internal sealed class FocalTverskyLoss(double alpha, double beta, double gamma, double smooth, ClassWeights? weights = null) : IClassWeighted
{
    private const double Straight = 1e-7;

    public static ComponentSpec Spec { get; } = new(
        "FocalTverskyLoss",
        [
            TverskyLoss.AlphaSpec,
            TverskyLoss.BetaSpec,
            new("gamma", ParameterKind.Number, 1.33, Minimum: 0.01, Help: "Above 1, classes that are nearly right count more; 1 is 1 + TverskyLoss."),
            TverskyLoss.SmoothSpec,
        ]);

    public string Name => Spec.Name;

    public static FocalTverskyLoss Create(ComponentConfig config) => new(
        ParameterReader.Get<double>(config, Spec, "alpha"),
        ParameterReader.Get<double>(config, Spec, "beta"),
        ParameterReader.Get<double>(config, Spec, "gamma"),
        ParameterReader.Get<double>(config, Spec, "smooth"));

    public ISegLoss With(ClassWeights classes) => new FocalTverskyLoss(alpha, beta, gamma, smooth, classes);

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        using Scalar straight = Straight;
        Tensor wrong = TverskyLoss.Index(prediction, target, alpha, beta, smooth).From(1).AtLeast(0);
        Tensor power = wrong.AtLeast(Straight).ToPower(1 / gamma);
        Tensor line = wrong.Times(Math.Pow(Straight, (1 / gamma) - 1));
        return weights.Mean(where(wrong.gt(straight), power, line)).MoveToOuterDisposeScope();
    }
}
