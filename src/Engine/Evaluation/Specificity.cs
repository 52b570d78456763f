namespace MedSeg.Engine.Evaluation;

/// <summary>True negative rate over all voxels of the image, so it depends on how much background there is.</summary>
internal static class Specificity
{
    public static MaskMetric Metric { get; } = new(
        "Specificity", "", "True negatives / (all voxels − |G|); NaN when the reference fills the image.",
        c => Of(c.Overlap));

    /// <summary>NaN when the reference fills the image.</summary>
    public static double Of(Overlap o) => Ratio.Of(o.Neither, o.Voxels - o.Reference);
}
