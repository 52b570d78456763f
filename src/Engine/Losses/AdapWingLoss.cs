using MedSeg.Engine.Configuration;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>
/// Adaptive wing loss for heat maps (Wang, Bo and Li 2019). With d = |t − p| and the exponent a = α − t, a voxel costs
/// ω·ln(1 + (d/ε)^a) where d &lt; θ, else A·d − C; A and C make value and slope meet at θ. The sum over all voxels, or their mean.
/// </summary>
/// <param name="shape">θ, α, ω and ε.</param>
/// <param name="maskWeight">W of the paper's weights 1 + W·M; null weighs all voxels alike.</param>
/// <param name="mean">The mean over voxels and not the sum.</param>
internal sealed class AdapWingLoss(AdapWingLoss.Wing shape, double? maskWeight, bool mean) : ISegLoss
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

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        Tensor cost = Cost(prediction, target);
        if (maskWeight is { } weight) cost *= 1 + (weight * Mask(target));
        return (mean ? cost.mean() : cost.sum()).MoveToOuterDisposeScope();
    }

    private Tensor Cost(Tensor prediction, Tensor target)
    {
        double ratio = shape.Theta / shape.Epsilon;
        Tensor distance = (target - prediction).abs(), exponent = shape.Alpha - target;
        Tensor curved = shape.Omega * (distance.clamp(min: Smallest) / shape.Epsilon).pow(exponent).log1p();
        Tensor atTheta = pow(ratio, exponent);
        Tensor slope = shape.Omega / (1 + atTheta) * exponent * pow(ratio, exponent - 1) / shape.Epsilon;
        Tensor offset = (shape.Theta * slope) - (shape.Omega * atTheta.log1p());
        return where(distance < shape.Theta, curved, (slope * distance) - offset);
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
        return (dilated >= MaskThreshold).to(target.dtype);
    }
}
