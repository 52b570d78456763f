namespace MedSeg.Engine.Evaluation;

/// <summary>The Hausdorff distance without the 5 % of points that lie farthest away: robust against single stray voxels.</summary>
internal static class Hausdorff95
{
    public static MaskMetric Metric { get; } = new(
        "Hausdorff95", "mm",
        "95th percentile (linear between ranks) of the distances from one surface to the other, the larger of both directions; NaN when a mask is empty.",
        c => c.Surfaces is { } s ? Math.Max(Percentile(s.FromPrediction, 0.95), Percentile(s.FromReference, 0.95)) : double.NaN);

    /// <summary>Percentile of ascending values, interpolated linearly between the two nearest ranks.</summary>
    internal static double Percentile(ReadOnlySpan<double> ascending, double fraction)
    {
        var rank = fraction * (ascending.Length - 1);
        var below = (int)rank;
        var above = Math.Min(below + 1, ascending.Length - 1);
        return ascending[below] + ((rank - below) * (ascending[above] - ascending[below]));
    }
}
