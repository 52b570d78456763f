using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>
/// −2·Σ w·Σpt / max(Σ w·Σ(p + t), ε), the inner sums over space, the outer ones over samples and classes, with
/// w = 1/max((Σt)², ε): small structures count as much as large ones (Sudre et al. 2017). −1 is perfect.
/// </summary>
/// <param name="epsilon">ε, above 0.</param>
/// <param name="background">What the background is, as one more class; null for none.</param>
internal sealed class GeneralizedDiceLoss(double epsilon, GeneralizedDiceLoss.Background? background, ClassWeights? weights = null) : IClassWeighted
{
    private const string ExactZeros = "exact_zeros", Complement = "complement";

    /// <summary>How the background follows from the classes.</summary>
    public enum Background
    {
        /// <summary>1 where the classes sum to exactly 0, without gradient: never so for a sigmoid's output (D-75).</summary>
        ExactZeros,

        /// <summary>What the classes leave of 1, at least 0.</summary>
        Complement,
    }

    public static ComponentSpec Spec { get; } = new(
        "GeneralizedDiceLoss",
        [
            new("epsilon", ParameterKind.Number, 1e-5, Minimum: 1e-10, Help: "Smallest squared size and smallest denominator."),
            new("include_background", ParameterKind.Boolean, true, Help: "The background counts as one more class."),
            new(
                "background", ParameterKind.Text, ExactZeros, Choices: [ExactZeros, Complement],
                Help: "exact_zeros, as the reference toolbox: 1 where all classes are exactly 0, which no sigmoid gives. complement: 1 minus their sum, which training can follow."),
        ]);

    public string Name => Spec.Name;

    public static GeneralizedDiceLoss Create(ComponentConfig config)
    {
        bool included = ParameterReader.Get<bool>(config, Spec, "include_background");
        Background kind = ParameterReader.Get<string>(config, Spec, "background") == Complement ? Background.Complement : Background.ExactZeros;
        return new(ParameterReader.Get<double>(config, Spec, "epsilon"), included ? kind : null);
    }

    public ISegLoss With(ClassWeights classes) => new GeneralizedDiceLoss(epsilon, background, classes);

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        Tensor p = WithBackground(prediction), t = WithBackground(target);
        Tensor size = ClassSums.OverSpace(t);
        Tensor weight = size.square().AtLeast(epsilon).reciprocal().detach();
        if (weights is not null) weight = weight.mul(weights.Row(weight, background is not null));
        Tensor overlap = weight.mul(ClassSums.OverSpace(p.mul(t))).sum();
        Tensor total = weight.mul(ClassSums.OverSpace(p).Plus(size)).sum();
        return overlap.Times(-2).div(total.AtLeast(epsilon)).MoveToOuterDisposeScope();
    }

    private Tensor WithBackground(Tensor values)
    {
        if (background is not { } kind) return values;
        Tensor sum = values.sum(1, keepdim: true);
        Tensor rest = kind == Background.Complement ? sum.From(1).AtLeast(0) : sum.logical_not().to(values.dtype);
        return cat([values, rest], 1);
    }
}
