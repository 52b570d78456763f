namespace MedSeg.Engine.Evaluation;

/// <summary>Difference of the two volumes as a part of the reference's.</summary>
internal static class VolumeDifference
{
    public static MaskMetric Relative { get; } = new(
        "RelativeVolumeDifference", "", "(V_G − V_P) / V_G, positive where the prediction is too small; NaN when the reference is empty.",
        c => Ratio.Of(c.ReferenceVoxels - c.PredictionVoxels, c.ReferenceVoxels));

    public static MaskMetric Absolute { get; } = new(
        "AbsoluteVolumeDifference", "", "|V_G − V_P| / V_G; NaN when the reference is empty.",
        c => Math.Abs(Relative.Compute(c)));
}
