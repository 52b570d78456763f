using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>Mean over classes of <see cref="DiceLoss"/> (smooth 1), each class summed over the batch.</summary>
internal sealed class MultiClassDiceLoss(IReadOnlyList<int>? classesOfInterest, ClassWeights? weights = null) : IClassWeighted
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

    public ISegLoss With(ClassWeights classes) => new MultiClassDiceLoss(classesOfInterest, classes);

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        LossChecks.SameShape(Name, prediction, target);
        using var scope = NewDisposeScope();
        var classes = classesOfInterest ?? [.. Enumerable.Range(0, (int)prediction.shape[1])];
        if (weights is not null && weights.Count != prediction.shape[1]) throw ClassWeights.WrongCount(weights.Count, prediction.shape[1]);
        var sum = zeros([], dtype: prediction.dtype, device: prediction.device);
        foreach (var c in classes)
        {
            CheckClass(c, prediction.shape[1]);
            Tensor dice = _dice.Forward(prediction.select(1, c), target.select(1, c));
            sum = sum.Plus(weights is null ? dice : dice.Times(weights[c]));
        }

        var total = weights is null ? classes.Count : classes.Sum(c => weights[c]);
        return sum.Over(total > 0 ? total : 1).MoveToOuterDisposeScope();
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
