namespace MedSeg.Engine.Evaluation;

/// <summary>
/// How much a prediction P and its reference G share: numbers of voxels, or sums where the two are fractions, as for probabilities.
/// </summary>
/// <param name="Common">|P∩G|, ΣPG.</param>
/// <param name="Prediction">|P|, ΣP.</param>
/// <param name="Reference">|G|, ΣG.</param>
/// <param name="Voxels">All voxels that could belong to either.</param>
internal readonly record struct Overlap(double Common, double Prediction, double Reference, double Voxels)
{
    /// <summary>Voxels in neither, Σ(1−P)(1−G).</summary>
    public double Neither => Voxels - Prediction - Reference + Common;

    /// <summary>Both taken together, as if they were one image.</summary>
    public static Overlap operator +(Overlap a, Overlap b) =>
        new(a.Common + b.Common, a.Prediction + b.Prediction, a.Reference + b.Reference, a.Voxels + b.Voxels);
}
