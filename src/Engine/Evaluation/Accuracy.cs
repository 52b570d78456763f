namespace MedSeg.Engine.Evaluation;

/// <summary>Share of voxels on which both agree; close to 1 wherever there is much background.</summary>
internal static class Accuracy
{
    /// <summary>(|P∩G| + voxels in neither) / all voxels; NaN without voxels.</summary>
    public static double Of(Overlap o) => Ratio.Of(o.Common + o.Neither, o.Voxels);
}
