using MedSeg.Engine.Evaluation;

namespace MedSeg.Engine.Training.Thresholds;

/// <summary>Chooses the threshold from what the images counted.</summary>
internal static class ThresholdChoice
{
    /// <summary>The best threshold; of several equally good ones the largest. Null when the criterion is defined at none.</summary>
    /// <param name="images">Of each image; figures are averaged over images where they are defined.</param>
    /// <param name="found">Number of images behind them.</param>
    public static SegThresholdSearch? Of(
        ThresholdGrid grid, SegThresholdCriterion criterion, IReadOnlyList<ThresholdCounts> images, int found)
    {
        List<Overlap[]> overlaps = [.. images.Select(image => image.Overlaps())];
        SegThresholdPoint[] points =
        [
            .. grid.Values.Select((threshold, t) => new SegThresholdPoint(
                threshold, Mean(overlaps, o => Dice.Of(o[t])), Mean(overlaps, o => Recall.Of(o[t])), Mean(overlaps, o => Specificity.Of(o[t])))),
        ];
        SegThresholdPoint? best = null;
        foreach (SegThresholdPoint point in points)
        {
            if (Score(point, criterion) is { } score && (best is null || score >= Score(best, criterion))) best = point;
        }

        return best is null ? null : new SegThresholdSearch(best.Threshold, criterion, grid.Increment, found, points);
    }

    private static double? Score(SegThresholdPoint point, SegThresholdCriterion criterion) =>
        criterion == SegThresholdCriterion.Dice ? point.Dice : point.Recall + point.Specificity - 1;

    private static double? Mean(List<Overlap[]> images, Func<Overlap[], double> figure)
    {
        double[] values = [.. images.Select(figure).Where(v => !double.IsNaN(v))];
        return values.Length == 0 ? null : values.Average();
    }
}
