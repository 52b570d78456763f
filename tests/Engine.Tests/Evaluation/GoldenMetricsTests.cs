using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace MedSeg.Engine.Tests.Evaluation;

/// <summary>
/// Figures of the reference toolbox where its definitions are ours: binary masks, one class at a time. Its Hausdorff distance
/// is not geometric (D-93) and is left out.
/// </summary>
public class GoldenMetricsTests(ITestOutputHelper output)
{
    private static readonly (string Theirs, string Ours)[] s_columns =
    [
        ("vol_pred", "PredictionVolume"), ("vol_gt", "ReferenceVolume"), ("rvd", "RelativeVolumeDifference"), ("avd", "AbsoluteVolumeDifference"),
        ("dice", "Dice"), ("recall", "Recall"), ("precision", "Precision"), ("specificity", "Specificity"),
    ];

    [SharedFact]
    public void Volumes_and_overlap_agree()
    {
        var compared = 0;
        foreach (var sample in Golden.Load("evaluation3d").Of("Evaluation3DMetrics"))
        {
            var (prediction, reference) = (sample.In("pred"), sample.In("gt"));
            var classes = prediction.Shape.Length > 3 ? prediction.Shape[3] : 1;
            var spacing = sample.Parameters.GetProperty("dim_lst").EnumerateArray().Select(e => e.GetDouble()).ToArray();
            // Their first axis is the slowest, ours the fastest.
            var grid = VolumeGeometry.Axial(prediction.Shape[2], prediction.Shape[1], prediction.Shape[0], spacing[2], spacing[1], spacing[0]);
            if (sample.Parameters.GetProperty("params").TryGetProperty("removeSmall", out _))
                continue; // Changes the masks first.
            for (var k = 0; k < classes; k++)
            {
                var (p, g) = (Class(prediction, k, classes), Class(reference, k, classes));
                if (p.Concat(g).Any(v => v is not (0 or 1)))
                    continue;
                Compare(sample, k, Masks.Measure(p, g, grid));
                compared++;
            }
        }

        output.WriteLine($"{compared} masks compared");
        Assert.True(compared >= 20, $"Only {compared} masks compared.");
    }

    private static void Compare(GoldenCase sample, int k, IReadOnlyDictionary<string, double> ours)
    {
        var theirs = sample.Json.GetProperty("out").GetProperty("metrics");
        foreach (var (column, metric) in s_columns)
        {
            var value = theirs.GetProperty($"{column}_class{k}");
            var expected = value.ValueKind == System.Text.Json.JsonValueKind.Number ? value.GetDouble() : double.NaN;
            Assert.True(
                expected.Equals(ours[metric]) || Math.Abs(expected - ours[metric]) <= 1e-6 * Math.Max(1, Math.Abs(expected)),
                $"{sample.Name}, class {k}, {metric}: {ours[metric]} instead of {expected}.");
        }
    }

    private static float[] Class(NpyArray array, int k, int classes) => [.. array.Floats().Where((_, i) => i % classes == k)];
}
