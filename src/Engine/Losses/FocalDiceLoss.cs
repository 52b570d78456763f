using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>
/// ln max(Focal, 1e-7) − β·ln max(Dice, 1e-7), with Dice = −<see cref="DiceLoss"/> (smooth 1) and Focal = <see cref="FocalLoss"/>
/// (Wong et al. 2018). The logarithms bring the two to one scale; the floors keep a perfect prediction finite.
/// </summary>
internal sealed class FocalDiceLoss(double beta, double gamma, double alpha, ClassWeights? weights = null) : IClassWeighted
{
    private const double Floor = 1e-7;

    private readonly DiceLoss _dice = new(smooth: 1, weights);
    private readonly FocalLoss _focal = new(gamma, alpha, eps: 1e-7, weights);

    public static ComponentSpec Spec { get; } = new(
        "FocalDiceLoss",
        [
            new("beta", ParameterKind.Number, 1.0, Minimum: 0, Help: "Weight of the Dice part."),
            new("gamma", ParameterKind.Number, 2.0, Minimum: 0, Help: "How strongly easy pixels are weighed down."),
            new("alpha", ParameterKind.Number, 0.25, Minimum: 0, Maximum: 1, Help: "Weight of the foreground; the background has 1 − alpha."),
        ]);

    public string Name => Spec.Name;

    public static FocalDiceLoss Create(ComponentConfig config) => new(
        ParameterReader.Get<double>(config, Spec, "beta"),
        ParameterReader.Get<double>(config, Spec, "gamma"),
        ParameterReader.Get<double>(config, Spec, "alpha"));

    public ISegLoss With(ClassWeights classes) => new FocalDiceLoss(beta, gamma, alpha, classes);

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        Tensor focal = _focal.Forward(prediction, target).AtLeast(Floor).log();
        Tensor dice = _dice.Forward(prediction, target).neg().AtLeast(Floor).log();
        return focal.Minus(dice.Times(beta)).MoveToOuterDisposeScope();
    }
}
