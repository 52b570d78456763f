namespace MedSeg.Engine.Evaluation;

/// <summary>Sensitivity, true positive rate.</summary>
internal static class Recall
{
    public static MaskMetric Metric { get; } = new(
        "Recall", "", "|P∩G| / |G|; NaN when the reference is empty.",
        c => Ratio.Of(c.TruePositives, c.ReferenceVoxels));
}
