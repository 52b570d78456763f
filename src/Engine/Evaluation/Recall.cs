namespace MedSeg.Engine.Evaluation;

/// <summary>Sensitivity, true positive rate.</summary>
internal static class Recall
{
    public static MaskMetric Metric { get; } = new(
        "Recall", "", "|P∩G| / |G|; NaN when the reference is empty.",
        c => Of(c.Overlap));

    /// <summary>NaN when the reference is empty.</summary>
    public static double Of(Overlap o) => Ratio.Of(o.Common, o.Reference);
}
