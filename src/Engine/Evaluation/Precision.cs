namespace MedSeg.Engine.Evaluation;

/// <summary>Positive predictive value.</summary>
internal static class Precision
{
    public static MaskMetric Metric { get; } = new(
        "Precision", "", "|P∩G| / |P|; NaN when the prediction is empty.",
        c => Of(c.Overlap));

    /// <summary>NaN when the prediction is empty.</summary>
    public static double Of(Overlap o) => Ratio.Of(o.Common, o.Prediction);
}
