using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>
/// Adaptive wing loss for heat maps (Wang, Bo and Li 2019). With d = |t − p| and the exponent a = α − t, a voxel costs
/// ω·ln(1 + (d/ε)^a) where d &lt; θ, else A·d − C; A and C make value and slope meet at θ. The sum over all voxels, or their mean.
/// </summary>
/// <param name="shape">θ, α, ω and ε.</param>
/// <param name="maskWeight">W of the paper's weights 1 + W·M; null weighs all voxels alike.</param>
/// <param name="mean">The mean over voxels and not the sum.</param>
/// <param name="weights">Each voxel's cost is multiplied by its class's.</param>
internal sealed class AdapWingLoss(AdapWingLoss.Wing shape, double? maskWeight, bool mean, ClassWeights? weights = null) : IClassWeighted
{
    /// <summary>From which value the dilated target belongs to the mask (paper, section 4.3).</summary>
    private const double MaskThreshold = 0.2;

    /// <summary>Distances below count as this: keeps the power's slope finite at 0 where the exponent is below 1.</summary>
    private const double Smallest = 1e-12;

    public sealed record Wing(double Theta, double Alpha, double Omega, double Epsilon);

    public static ComponentSpec Spec { get; } = new(
        "AdapWingLoss",
        [
            new("theta", ParameterKind.Number, 0.5, Minimum: 1e-3, Help: "Distance from which the loss is a straight line."),
            new("alpha", ParameterKind.Number, 2.1, Minimum: 1, Help: "Exponent for background voxels; foreground has alpha − 1."),
            new("omega", ParameterKind.Number, 14.0, Minimum: 0, Help: "Height of the curved part."),
            new("epsilon", ParameterKind.Number, 1.0, Minimum: 1e-3, Help: "Width of the curved part."),
            new(
                "weight_mask", ParameterKind.Text, "none", Choices: ["none", "dilation"],
                Help: "none weighs all voxels alike, as the reference toolbox. dilation, as the paper: voxels at or beside a target of at least 0.2 weigh 1 + mask_weight."),
            new("mask_weight", ParameterKind.Number, 10.0, Minimum: 0, Help: "Additional weight of the mask's voxels."),
            new("reduction", ParameterKind.Text, "sum", Choices: ["sum", "mean"], Help: "sum over all voxels, as the reference toolbox, or their mean."),
        ]);

    public string Name => Spec.Name;

    public static AdapWingLoss Create(ComponentConfig config)
    {
        double Number(string name) => ParameterReader.Get<double>(config, Spec, name);
        return new(
            new Wing(Number("theta"), Number("alpha"), Number("omega"), Number("epsilon")),
            ParameterReader.Get<string>(config, Spec, "weight_mask") == "dilation" ? Number("mask_weight") : null,
            ParameterReader.Get<string>(config, Spec, "reduction") == "mean");
    }

    public ISegLoss With(ClassWeights classes) => new AdapWingLoss(shape, maskWeight, mean, classes);

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        Tensor cost = Cost(prediction, target);
        if (maskWeight is { } weight) cost = cost.mul(Mask(target).Times(weight).Plus(1));
        cost = weights.Weigh(cost);
        return (mean ? cost.mean() : cost.sum()).MoveToOuterDisposeScope();
    }

    private Tensor Cost(Tensor prediction, Tensor target)
    {
        double ratio = shape.Theta / shape.Epsilon;
        using Scalar theta = shape.Theta;
        Tensor distance = target.Minus(prediction).abs(), exponent = target.From(shape.Alpha);
        Tensor curved = distance.AtLeast(Smallest).Over(shape.Epsilon).pow(exponent).log1p().Times(shape.Omega);
        Tensor atTheta = Power(ratio, exponent);
        Tensor slope = atTheta.Plus(1).reciprocal().Times(shape.Omega).mul(exponent).mul(Power(ratio, exponent.Plus(-1))).Over(shape.Epsilon);
        Tensor offset = slope.Times(shape.Theta).Minus(atTheta.log1p().Times(shape.Omega));
        return where(distance.lt(theta), curved, slope.mul(distance).Minus(offset));
    }

    private static Tensor Power(double number, Tensor exponent)
    {
        using Tensor value = tensor(number, device: exponent.device);
        return value.pow(exponent);
    }

    /// <summary>1 where the target, dilated by one voxel in every direction, is at least 0.2.</summary>
    private static Tensor Mask(Tensor target)
    {
        Tensor dilated = target.dim() switch
        {
            4 => nn.functional.max_pool2d(target, [3, 3], [1, 1], [1, 1]),
            5 => nn.functional.max_pool3d(target, [3, 3, 3], [1, 1, 1], [1, 1, 1]),
            _ => target,
        };
        using Scalar least = MaskThreshold;
        return dilated.ge(least).to(target.dtype);
    }
}
