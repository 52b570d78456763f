using System.Globalization;
using MedSeg.Engine.Reporting;

namespace MedSeg.Engine.Training.Thresholds;

/// <summary>The picture of a threshold search: Dice over thresholds (thr.png), or the receiver operating characteristic (roc.png).</summary>
internal static class ThresholdChart
{
    /// <summary>Writes the picture into a run folder.</summary>
    public static void Write(SegThresholdSearch search, RunFolder run)
    {
        bool dice = search.Criterion == SegThresholdCriterion.Dice;
        Chart(search, dice).Draw().Save(dice ? run.ThresholdCurve : run.RocCurve);
    }

    private static CurveChart Chart(SegThresholdSearch search, bool dice)
    {
        SegThresholdPoint best = search.Points.Single(p => p.Threshold == search.Threshold);
        string caption = string.Create(CultureInfo.InvariantCulture, $"threshold {search.Threshold:0.####}");
        if (dice)
        {
            return new CurveChart(
                "threshold", "mean Dice", [.. search.Points.Where(p => p.Dice is not null).Select(p => (p.Threshold, p.Dice!.Value))],
                (best.Threshold, best.Dice!.Value), string.Create(CultureInfo.InvariantCulture, $"{caption}: Dice {best.Dice:0.0000}"));
        }

        IEnumerable<(double X, double Y)> found = search.Points.Where(p => p is { Recall: not null, Specificity: not null }).Select(Place).Reverse();
        return new CurveChart(
            "1 - specificity", "recall", [(0, 0), .. found, (1, 1)], Place(best),
            string.Create(CultureInfo.InvariantCulture, $"{caption}: recall {best.Recall:0.0000}, specificity {best.Specificity:0.0000}"));
    }

    private static (double X, double Y) Place(SegThresholdPoint point) => (1 - point.Specificity!.Value, point.Recall!.Value);
}
