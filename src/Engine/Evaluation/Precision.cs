namespace MedSeg.Engine.Evaluation;

/// <summary>Positive predictive value.</summary>
internal static class Precision
{
    public static MaskMetric Metric { get; } = new(
        "Precision", "", "|P∩G| / |P|; NaN when the prediction is empty.",
        c => Ratio.Of(c.TruePositives, c.PredictionVoxels));
}
