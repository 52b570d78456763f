namespace MedSeg.Engine.Evaluation;

/// <summary>The Jaccard index.</summary>
internal static class IntersectionOverUnion
{
    public static MaskMetric Metric { get; } = new(
        "IoU", "", "|P∩G| / |P∪G|; NaN when both masks are empty.",
        c => Of(c.Overlap));

    /// <summary>NaN when both are empty.</summary>
    public static double Of(Overlap o) => Ratio.Of(o.Common, o.Prediction + o.Reference - o.Common);
}
