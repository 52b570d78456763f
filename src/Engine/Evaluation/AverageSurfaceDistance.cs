namespace MedSeg.Engine.Evaluation;

/// <summary>Average symmetric surface distance (Heimann et al., IEEE TMI 28, 2009).</summary>
internal static class AverageSurfaceDistance
{
    public static MaskMetric Metric { get; } = new(
        "AverageSurfaceDistance", "mm",
        "Mean of the distances from every point of either surface to the other surface; NaN when a mask is empty.",
        c => c.Surfaces is { } s
            ? (s.FromPrediction.Sum() + s.FromReference.Sum()) / (s.FromPrediction.Length + s.FromReference.Length)
            : double.NaN);
}
