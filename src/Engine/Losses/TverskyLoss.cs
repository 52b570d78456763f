using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>
/// Minus the mean over classes of the Tversky index TI = (TP + s)/(TP + α·FP + β·FN + s), each class summed over the batch
/// (Salehi, Erdogmus and Gholipour 2017). −1 is perfect; α = β = ½ is Dice.
/// </summary>
internal sealed class TverskyLoss(double alpha, double beta, double smooth, ClassWeights? weights = null) : IClassWeighted
{
    public static ComponentSpec Spec { get; } = new("TverskyLoss", [AlphaSpec, BetaSpec, SmoothSpec]);

    public static ParameterSpec AlphaSpec => new("alpha", ParameterKind.Number, 0.7, Minimum: 0, Help: "Weight of false positives.");

    public static ParameterSpec BetaSpec => new("beta", ParameterKind.Number, 0.3, Minimum: 0, Help: "Weight of false negatives.");

    public static ParameterSpec SmoothSpec =>
        new("smooth", ParameterKind.Number, 1.0, Minimum: 0, Help: "Added to numerator and denominator; keeps empty masks defined.");

    public string Name => Spec.Name;

    public static TverskyLoss Create(ComponentConfig config) => new(
        ParameterReader.Get<double>(config, Spec, "alpha"),
        ParameterReader.Get<double>(config, Spec, "beta"),
        ParameterReader.Get<double>(config, Spec, "smooth"));

    public ISegLoss With(ClassWeights classes) => new TverskyLoss(alpha, beta, smooth, classes);

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        return weights.Mean(Index(prediction, target, alpha, beta, smooth)).neg().MoveToOuterDisposeScope();
    }

    /// <summary>The Tversky index of each class, (K), within (0, 1].</summary>
    public static Tensor Index(Tensor prediction, Tensor target, double alpha, double beta, double smooth)
    {
        Tensor right = ClassSums.OverBatch(prediction.mul(target));
        Tensor tooMuch = ClassSums.OverBatch(prediction.mul(target.From(1)));
        Tensor missed = ClassSums.OverBatch(prediction.From(1).mul(target));
        return right.Plus(smooth).div(right.Plus(tooMuch.Times(alpha)).Plus(missed.Times(beta)).Plus(smooth));
    }
}
