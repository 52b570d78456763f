namespace MedSeg;

/// <summary>
/// How well an epoch's network did on the validation images: every figure is computed for each sample, all classes together, and
/// averaged over the samples in which it is defined; null when it is defined in none. Masks count with their probabilities. Classified
/// images count with the decision at the threshold, and a figure is that of all images together: Dice is F1.
/// </summary>
/// <param name="DiceScore">2ΣPG / (ΣP + ΣG).</param>
/// <param name="MultiClassDiceScore">The same for each class by itself, averaged over the classes that a sample has.</param>
/// <param name="PrecisionScore">ΣPG / ΣP.</param>
/// <param name="RecallScore">ΣPG / ΣG.</param>
/// <param name="SpecificityScore">Σ(1−P)(1−G) / Σ(1−G).</param>
/// <param name="IntersectionOverUnion">ΣPG / (ΣP + ΣG − ΣPG).</param>
/// <param name="AccuracyScore">(ΣPG + Σ(1−P)(1−G)) / number of voxels and classes.</param>
/// <param name="HausdorffScore">
/// Largest distance between the surfaces of the masks at the threshold, in mm, averaged over the classes that both have; null for
/// classification.
/// </param>
public sealed record SegValidationMetrics(
    double? DiceScore,
    double? MultiClassDiceScore,
    double? PrecisionScore,
    double? RecallScore,
    double? SpecificityScore,
    double? IntersectionOverUnion,
    double? AccuracyScore,
    double? HausdorffScore);
