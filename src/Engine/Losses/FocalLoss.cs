using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>
/// Sum (not mean) of a·ce·(1−pt)^γ with ce = −(t ln p + (1−t) ln(1−p)), pt = e^−ce, a = αt + (1−α)(1−t) and p limited to
/// [ε, 1−ε] (Lin et al. 2017).
/// </summary>
internal sealed class FocalLoss(double gamma, double alpha, double eps, ClassWeights? weights = null) : IClassWeighted
{
    public static ComponentSpec Spec { get; } = new(
        "FocalLoss",
        [
            new("gamma", ParameterKind.Number, 2.0, Minimum: 0, Help: "How strongly easy pixels are weighed down."),
            new("alpha", ParameterKind.Number, 0.25, Minimum: 0, Maximum: 1, Help: "Weight of the foreground; the background has 1 − alpha."),
            new("eps", ParameterKind.Number, 1e-7, Minimum: 0, Maximum: 0.5, Help: "Probabilities are kept in [eps, 1 − eps]."),
        ]);

    public string Name => Spec.Name;

    public static FocalLoss Create(ComponentConfig config) => new(
        ParameterReader.Get<double>(config, Spec, "gamma"),
        ParameterReader.Get<double>(config, Spec, "alpha"),
        ParameterReader.Get<double>(config, Spec, "eps"));

    public ISegLoss With(ClassWeights classes) => new FocalLoss(gamma, alpha, eps, classes);

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        var p = prediction.Within(eps, 1 - eps);
        var background = target.From(1);
        var entropy = target.mul(p.log()).Plus(background.mul(p.From(1).log())).neg();
        var weight = target.Times(alpha).Plus(background.Times(1 - alpha));
        return weights.Weigh(weight.mul(entropy).mul(entropy.neg().exp().From(1).ToPower(gamma))).sum().MoveToOuterDisposeScope();
    }
}
