using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training.Watching;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training.Watching;

public class EpochMetricsTests
{
    private static readonly (double H, double W, double D)[] NoSpacings = [];

    [Fact]
    public void Figures_of_a_mask_of_probabilities_are_their_formulas()
    {
        // ΣPG = 1.25, ΣP = 1.75, ΣG = 2, N = 4; ΣP(1−G) = 0.5, Σ(1−P)(1−G) = 1.5.
        SegValidationMetrics result = Of([0.75f, 0.5f, 0.5f, 0], [1, 1, 0, 0], 1, 1, 2, 2);
        Near(2.5 / 3.75, result.DiceScore);
        Near(2.5 / 3.75, result.MultiClassDiceScore);
        Near(1.25 / 1.75, result.PrecisionScore);
        Near(1.25 / 2, result.RecallScore);
        Near(1.5 / 2, result.SpecificityScore);
        Near(1.25 / 2.5, result.IntersectionOverUnion);
        Near(2.75 / 4, result.AccuracyScore);
    }

    [Fact]
    public void Samples_in_which_a_figure_is_undefined_do_not_count()
    {
        // The second sample is empty and predicted so: only specificity and accuracy are defined.
        SegValidationMetrics result = Of([1, 0, 0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0], 2, 1, 2, 2);
        Near(2.0 / 3, result.DiceScore);
        Near(1, result.PrecisionScore);
        Near(0.5, result.RecallScore);
        Near(1, result.SpecificityScore);
        Near((0.75 + 1) / 2, result.AccuracyScore);
        Near(1, result.HausdorffScore);
    }

    [Fact]
    public void Nothing_anywhere_is_undefined_and_not_zero()
    {
        SegValidationMetrics result = Of(new float[8], new float[8], 1, 2, 2, 2);
        Assert.Equal(new SegValidationMetrics(null, null, null, null, 1, null, 1, null), result);
    }

    [Fact]
    public void A_class_that_a_sample_lacks_does_not_raise_its_dice()
    {
        // Class 1: 2·1/(1+2); class 2: absent from both.
        SegValidationMetrics result = Of([1, 0, 0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0], 1, 2, 2, 2);
        Near(2.0 / 3, result.MultiClassDiceScore);
    }

    [Fact]
    public void Distances_are_in_mm_along_each_axis()
    {
        // Points (h, w, d) = (0, 0, 0) and (1, 2, 1) of 2×3×2 voxels of 3 × 1 × 2 mm: √(9 + 4 + 4).
        float[] p = new float[12], g = new float[12];
        p[0] = 0.9f;
        g[(((1 * 3) + 2) * 2) + 1] = 1;
        SegValidationMetrics result = Of(p, g, [(3, 1, 2)], 1, 1, 2, 3, 2);
        Near(Math.Sqrt(17), result.HausdorffScore);

        // The same slice-wise: (0, 0) and (1, 2) of 3 × 1 mm.
        float[] q = [0.9f, 0, 0, 0, 0, 0], r = [0, 0, 0, 0, 0, 1];
        Near(Math.Sqrt(13), Of(q, r, [(3, 1, 2)], 1, 1, 2, 3).HausdorffScore);
        Near(Math.Sqrt(5), Of(q, r, 1, 1, 2, 3).HausdorffScore);
    }

    [Fact]
    public void Classified_images_count_as_decided()
    {
        // Decisions 1, 1, 0, 0, 1 for 1, 0, 0, 1, 1: two hits, one too many, one missed.
        SegValidationMetrics result = Of([0.9f, 0.5f, 0.2f, 0.4f, 0.7f], [1, 0, 0, 1, 1], 5, 1);
        Near(2.0 / 3, result.DiceScore);
        Near(2.0 / 3, result.PrecisionScore);
        Near(2.0 / 3, result.RecallScore);
        Near(0.5, result.SpecificityScore);
        Near(0.5, result.IntersectionOverUnion);
        Near(0.6, result.AccuracyScore);
        Assert.Null(result.HausdorffScore);
    }

    /// <summary>The first class is always right, the second is found in one of two images and once where it is not.</summary>
    [Fact]
    public void Classes_of_images_are_counted_together_and_their_F1_is_averaged()
    {
        SegValidationMetrics result = Of([0.9f, 0.9f, 0.1f, 0.1f, 0.1f, 0.9f], [1, 1, 0, 1, 0, 0], 3, 2);
        Near(4.0 / 6, result.DiceScore);
        Near((1 + 0.5) / 2, result.MultiClassDiceScore);
        Near(4.0 / 6, result.AccuracyScore);
    }

    [SharedFact]
    public void Figures_equal_the_references_where_both_are_defined()
    {
        Golden golden = Golden.Load("metrics");
        (string Function, Func<SegValidationMetrics, double?> Figure)[] figures =
        [
            ("dice_score", m => m.DiceScore), ("multi_class_dice_score", m => m.MultiClassDiceScore), ("precision_score", m => m.PrecisionScore),
            ("recall_score", m => m.RecallScore), ("specificity_score", m => m.SpecificityScore),
            ("intersection_over_union", m => m.IntersectionOverUnion), ("accuracy_score", m => m.AccuracyScore),
        ];
        int compared = 0;
        foreach (var (function, figure) in figures)
        {
            foreach (GoldenCase known in golden.Of(function).Where(c => !HasParameters(c)))
            {
                NpyArray pred = known.In("pred"), gt = known.In("gt");
                if (pred.Shape.Length is not (3 or 4)) continue;
                long[] shape = [1, .. pred.Shape.Select(s => (long)s)];
                // The reference says 0 for a ratio of nothing, and 1 for a class that is nowhere.
                if (figure(Of(pred.Floats(), gt.Floats(), shape)) is not { } value || pred.Floats().All(v => v == 0) || gt.Floats().All(v => v == 0)) continue;
                Assert.True(Math.Abs(value - known.Number("value")) < 1e-6, $"{known.Name}: {value} where {known.Number("value")} is expected.");
                compared++;
            }
        }

        Assert.True(compared > 30, $"Only {compared} cases were compared.");
    }

    private static bool HasParameters(GoldenCase known) => known.Parameters.EnumerateObject().Any();

    private static SegValidationMetrics Of(float[] prediction, float[] target, params long[] shape) => Of(prediction, target, NoSpacings, shape);

    private static SegValidationMetrics Of(float[] prediction, float[] target, (double H, double W, double D)[] spacings, params long[] shape)
    {
        using var p = torch.tensor(prediction).reshape(shape);
        using var g = torch.tensor(target).reshape(shape);
        var metrics = new EpochMetrics(0.5);
        metrics.Add(p, g, spacings);
        return metrics.Result;
    }

    private static void Near(double expected, double? actual) => Assert.Equal(expected, actual!.Value, 1e-6);
}
