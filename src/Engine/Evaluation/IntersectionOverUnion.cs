namespace MedSeg.Engine.Evaluation;

/// <summary>The Jaccard index.</summary>
internal static class IntersectionOverUnion
{
    public static MaskMetric Metric { get; } = new(
        "IoU", "", "|P∩G| / |P∪G|; NaN when both masks are empty.",
        c => Ratio.Of(c.TruePositives, c.PredictionVoxels + c.ReferenceVoxels - c.TruePositives));
}
