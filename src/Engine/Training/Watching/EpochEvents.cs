using MedSeg.Engine.Reporting;

namespace MedSeg.Engine.Training.Watching;

/// <summary>What TensorBoard shows of an epoch, under the reference's names.</summary>
internal static class EpochEvents
{
    /// <summary>Group of the validation metrics.</summary>
    public const string Metrics = "Validation/Metrics/";

    /// <summary>Writes the scalars of an epoch; undefined ones are left out (D-79).</summary>
    public static void Write(TensorBoardWriter events, SegEpoch epoch)
    {
        events.Scalar("learning_rate", epoch.Epoch, epoch.LearningRate);
        events.Scalar("losses/train_loss", epoch.Epoch, epoch.TrainingLoss);
        events.Scalar("losses/val_loss", epoch.Epoch, epoch.ValidationLoss);
        events.Scalar("Validation/dice_of_masks", epoch.Epoch, epoch.ValidationDice);
        if (epoch.Metrics is not { } metrics) return;
        foreach (var (name, value) in Named(metrics)) events.Scalar(Metrics + name, epoch.Epoch, value);
    }

    private static IEnumerable<(string Name, double? Value)> Named(SegValidationMetrics metrics) =>
    [
        ("dice_score", metrics.DiceScore),
        ("multi_class_dice_score", metrics.MultiClassDiceScore),
        ("precision_score", metrics.PrecisionScore),
        ("recall_score", metrics.RecallScore),
        ("specificity_score", metrics.SpecificityScore),
        ("intersection_over_union", metrics.IntersectionOverUnion),
        ("accuracy_score", metrics.AccuracyScore),
        ("hausdorff_score", metrics.HausdorffScore),
    ];
}
