namespace MedSeg.Engine.Evaluation;

/// <summary>Every metric there is. A new one is a file with the metric and a line here.</summary>
public static class MetricRegistry
{
    /// <summary>In the order in which reports show them.</summary>
    public static IReadOnlyList<MaskMetric> Metrics { get; } =
    [
        Dice.Metric,
        IntersectionOverUnion.Metric,
        Precision.Metric,
        Recall.Metric,
        Specificity.Metric,
        MaskVolume.Prediction,
        MaskVolume.Reference,
        VolumeDifference.Relative,
        VolumeDifference.Absolute,
        Hausdorff.Metric,
        Hausdorff95.Metric,
        AverageSurfaceDistance.Metric,
    ];
}
