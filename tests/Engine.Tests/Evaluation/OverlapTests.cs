using MedSeg.Engine.Evaluation;
using MedSeg.Engine.Imaging;
using Xunit;

namespace MedSeg.Engine.Tests.Evaluation;

public class OverlapTests
{
    private static readonly VolumeGeometry s_grid = VolumeGeometry.Axial(10, 10, 10, 0.5, 2, 3);

    [Fact]
    public void Counts_give_the_ratios()
    {
        // 4³ = 64 voxels each, 3·4·4 = 48 in common, 1000 − 80 in neither.
        var m = Masks.Measure(Masks.Cube(s_grid, 2, 6, 1), Masks.Cube(s_grid, 2, 6), s_grid);
        Assert.Equal(96.0 / 128, m["Dice"], 12);
        Assert.Equal(48.0 / 80, m["IoU"], 12);
        Assert.Equal(48.0 / 64, m["Precision"], 12);
        Assert.Equal(48.0 / 64, m["Recall"], 12);
        Assert.Equal(920.0 / 936, m["Specificity"], 12);
    }

    [Fact]
    public void Volumes_are_in_cubic_millimetres()
    {
        var m = Masks.Measure(Masks.Cube(s_grid, 2, 5), Masks.Cube(s_grid, 2, 6), s_grid);
        Assert.Equal(27 * 3.0, m["PredictionVolume"], 12);
        Assert.Equal(64 * 3.0, m["ReferenceVolume"], 12);
        Assert.Equal((64.0 - 27) / 64, m["RelativeVolumeDifference"], 12);
        Assert.Equal((64.0 - 27) / 64, m["AbsoluteVolumeDifference"], 12);
    }

    [Fact]
    public void A_prediction_that_is_too_large_has_a_negative_difference()
    {
        var m = Masks.Measure(Masks.Cube(s_grid, 2, 6), Masks.Cube(s_grid, 2, 5), s_grid);
        Assert.Equal((27.0 - 64) / 27, m["RelativeVolumeDifference"], 12);
        Assert.Equal((64.0 - 27) / 27, m["AbsoluteVolumeDifference"], 12);
    }

    [Fact]
    public void Values_from_one_half_belong_to_the_mask_and_NaN_does_not()
    {
        var grid = VolumeGeometry.Axial(4, 1, 1, 1, 1, 1);
        var m = Masks.Measure([0.5f, 0.49f, float.NaN, 1], [1, 1, 1, 0], grid);
        Assert.Equal(0.5, m["Precision"], 12);
        Assert.Equal(1.0 / 3, m["Recall"], 12);
    }

    [Fact]
    public void Equal_masks_agree_fully()
    {
        var cube = Masks.Cube(s_grid, 2, 6);
        var m = Masks.Measure(cube, cube, s_grid);
        Assert.All(new[] { "Dice", "IoU", "Precision", "Recall", "Specificity" }, name => Assert.Equal(1, m[name]));
        Assert.All(
            new[] { "RelativeVolumeDifference", "AbsoluteVolumeDifference", "Hausdorff", "Hausdorff95", "AverageSurfaceDistance" },
            name => Assert.Equal(0, m[name]));
    }

    [Theory]
    [InlineData("Dice", double.NaN, 0, 0)]
    [InlineData("IoU", double.NaN, 0, 0)]
    [InlineData("Precision", double.NaN, double.NaN, 0)]
    [InlineData("Recall", double.NaN, 0, double.NaN)]
    [InlineData("Specificity", 1, 1, 936.0 / 1000)]
    [InlineData("PredictionVolume", 0, 0, 192)]
    [InlineData("ReferenceVolume", 0, 192, 0)]
    [InlineData("RelativeVolumeDifference", double.NaN, 1, double.NaN)]
    [InlineData("AbsoluteVolumeDifference", double.NaN, 1, double.NaN)]
    [InlineData("Hausdorff", double.NaN, double.NaN, double.NaN)]
    [InlineData("Hausdorff95", double.NaN, double.NaN, double.NaN)]
    [InlineData("AverageSurfaceDistance", double.NaN, double.NaN, double.NaN)]
    public void Empty_masks_follow_the_documented_rules(string metric, double bothEmpty, double predictionEmpty, double referenceEmpty)
    {
        var none = new float[s_grid.VoxelCount];
        var cube = Masks.Cube(s_grid, 2, 6);
        Assert.Equal(bothEmpty, Masks.Measure(none, none, s_grid)[metric], 12);
        Assert.Equal(predictionEmpty, Masks.Measure(none, cube, s_grid)[metric], 12);
        Assert.Equal(referenceEmpty, Masks.Measure(cube, none, s_grid)[metric], 12);
    }

    [Fact]
    public void Specificity_is_not_defined_without_background()
    {
        var grid = VolumeGeometry.Axial(2, 2, 2, 1, 1, 1);
        Assert.Equal(double.NaN, Masks.Measure(new float[8], [1, 1, 1, 1, 1, 1, 1, 1], grid)["Specificity"]);
    }

    [Fact]
    public void Every_metric_has_a_property_of_its_name()
    {
        var properties = typeof(SegMetrics).GetProperties().Where(p => p.PropertyType == typeof(double)).Select(p => p.Name);
        Assert.Equal(properties.Order(), MetricRegistry.Metrics.Select(m => m.Name).Order());
        Assert.All(MetricRegistry.Metrics, m => Assert.NotEmpty(m.Formula));
    }

    [Fact]
    public void Sizes_must_fit() =>
        Assert.Throws<ArgumentException>(() => Masks.Measure(new float[8], new float[9], VolumeGeometry.Axial(2, 2, 2, 1, 1, 1)));
}
