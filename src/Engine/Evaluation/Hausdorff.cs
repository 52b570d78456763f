namespace MedSeg.Engine.Evaluation;

/// <summary>Huttenlocher, Klanderman, Rucklidge, Comparing images using the Hausdorff distance, IEEE TPAMI 15 (1993).</summary>
internal static class Hausdorff
{
    public static MaskMetric Metric { get; } = new(
        "Hausdorff", "mm", "Largest distance from a point of one surface to the other surface, both directions; NaN when a mask is empty.",
        c => c.Surfaces is { } s ? Math.Max(s.FromPrediction[^1], s.FromReference[^1]) : double.NaN);
}
