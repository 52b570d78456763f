namespace MedSeg.Engine.Evaluation;

/// <summary>Dice, Measures of the amount of ecologic association between species, Ecology 26 (1945).</summary>
internal static class Dice
{
    public static MaskMetric Metric { get; } = new(
        "Dice", "", "2|P∩G| / (|P|+|G|); NaN when both masks are empty.",
        c => Of(c.Overlap));

    /// <summary>NaN when both are empty.</summary>
    public static double Of(Overlap o) => Ratio.Of(2 * o.Common, o.Prediction + o.Reference);
}
