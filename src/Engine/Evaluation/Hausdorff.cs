namespace MedSeg.Engine.Evaluation;

/// <summary>Huttenlocher, Klanderman, Rucklidge, Comparing images using the Hausdorff distance, IEEE TPAMI 15 (1993).</summary>
internal static class Hausdorff
{
    public static MaskMetric Metric { get; } = new(
        "Hausdorff", "mm", "Largest distance from a point of one surface to the other surface, both directions; NaN when a mask is empty.",
        c => Of(c.Surfaces));

    /// <summary>In mm; NaN where a mask is empty, which has no surface.</summary>
    public static double Of(SurfaceDistances? surfaces) =>
        surfaces is null ? double.NaN : Math.Max(surfaces.FromPrediction[^1], surfaces.FromReference[^1]);
}
