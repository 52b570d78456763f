using MedSeg.Engine.Configuration;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>Mean over classes of <see cref="DiceLoss"/> (smooth 1), each class summed over the batch.</summary>
internal sealed class MultiClassDiceLoss(IReadOnlyList<int>? classesOfInterest) : ISegLoss
{
    private readonly DiceLoss _dice = new(smooth: 1);

    public static ComponentSpec Spec { get; } = new(
        "MultiClassDiceLoss",
        [
            new(
                "classes_of_interest", ParameterKind.IntegerList, null, Minimum: 0,
                Help: "Positions in target_suffix of the classes that count; null counts all."),
        ]);

    public string Name => Spec.Name;

    public static MultiClassDiceLoss Create(ComponentConfig config) => new(ParameterReader.Get<int[]?>(config, Spec, "classes_of_interest"));

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        var classes = classesOfInterest ?? [.. Enumerable.Range(0, (int)prediction.shape[1])];
        var sum = zeros([], dtype: prediction.dtype, device: prediction.device);
        foreach (var c in classes)
        {
            CheckClass(c, prediction.shape[1]);
            sum += _dice.Forward(prediction.select(1, c), target.select(1, c));
        }

        return (sum / classes.Count).MoveToOuterDisposeScope();
    }

    private void CheckClass(int index, long classes)
    {
        if (index < 0 || index >= classes)
        {
            throw new SegException(
                "LossClassUnknown", SegErrorKind.InvalidArgument,
                $"{Name}: classes_of_interest names class {index}, the network has classes 0 to {classes - 1}.",
                "Count classes from 0 in the order of target_suffix.", "training_parameters.loss.classes_of_interest");
        }
    }
}
