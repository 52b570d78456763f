using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

public class RoiCropTests
{
    private static readonly GridSize Grid = new(6, 8);

    [Fact]
    public void The_crop_lies_around_the_region()
    {
        var drawn = TransformPipeline.Draw([Create("ROICrop", ("size", new[] { 2, 4 }))], Sample(Grid), null, Box(Grid, 4, 6, 1, 4));

        // Centre (4.5, 2) rounds to (4, 2); the crop starts at (3, 0).
        Assert.Equal(Voxels(3, 0, 2, 4), Applied(drawn, Ramp(Grid.Count)));
    }

    [Fact]
    public void Steps_before_the_crop_move_its_centre()
    {
        SegTransform[] stage =
        [
            Create("CenterCrop", ("size", new[] { 4, 4 })),
            Create("ROICrop", ("size", new[] { 1, 1 })),
        ];
        var roi = Box(Grid, 3, 4, 5, 6);
        var drawn = TransformPipeline.Draw(stage, Sample(Grid), null, roi);

        Assert.Equal([(3 * 8) + 5], Applied(drawn, Ramp(Grid.Count)));
        Assert.Equal([1], Applied(drawn, roi, SampleKinds.Roi));
        Assert.Null(drawn.Output.RoiCentre);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_a_region_it_is_a_centre_crop(bool empty)
    {
        var roi = empty ? new float[Grid.Count] : [];
        var drawn = TransformPipeline.Draw([Create("ROICrop", ("size", new[] { 3, 9 }))], Sample(Grid), null, roi);
        var centre = Create("CenterCrop", ("size", new[] { 3, 9 })).Draw(Sample(Grid), null);

        Assert.Equal(centre.Apply(Ramp(Grid.Count)), Applied(drawn, Ramp(Grid.Count)));
    }

    [Fact]
    public void A_soft_region_counts_from_half_of_its_maximum()
    {
        var line = new GridSize(1, 8);
        Assert.Equal((0.0, 4.0, 0.0), RoiCrop.CentreOf([0, 0.1f, 0.2f, 0.3f, 0.4f, 0.4f, 0, 0], line));
        Assert.Equal((0.0, 2.0, 0.0), RoiCrop.CentreOf([float.NaN, 0, 1, 0, 0, 0, 0, float.NegativeInfinity], line));
        Assert.Null(RoiCrop.CentreOf([0, -1, float.NaN], new GridSize(1, 3)));
    }

    [Fact]
    public void A_volume_keeps_its_depth_when_only_two_sizes_are_given()
    {
        var grid = new GridSize(4, 4, 3);
        var sample = Sample(grid) with { RoiCentre = (1, 1, 2) };
        Assert.Equal(Ramp(grid.Count)[..6], Create("ROICrop", ("size", new[] { 2, 2 })).Draw(sample, null).Apply(Ramp(grid.Count))[..6]);
        Assert.Equal([5 * 3 + 2], Create("ROICrop", ("size", new[] { 1, 1, 1 })).Draw(sample, null).Apply(Ramp(grid.Count)));
    }

    [Fact]
    public void Only_ROICrop_uses_the_region()
    {
        SegConfig Config(string name) => new() { Transformation = [TransformBuilder.Config(name, ("size", new[] { 2, 2 }))] };
        Assert.True(TransformPipeline.Create(Config("ROICrop"), DatasetParts.Testing).UsesRoi);
        Assert.False(TransformPipeline.Create(Config("CenterCrop"), DatasetParts.Testing).UsesRoi);
    }

    [Theory]
    [InlineData("ROICrop", "size", new double[] { 0, 5 })]
    [InlineData("ROICrop", "size", new[] { 2.5, 5 })]
    [InlineData("BoundingBoxCrop", "size", new double[] { 1, 2, 3, 4 })]
    public void Wrong_sizes_are_named(string transform, string parameter, double[] value) =>
        Assert.Equal(
            $"transformation.{transform}.{parameter}",
            Assert.Throws<SegException>(() => Create(transform, (parameter, value))).TargetItem);

    [Fact]
    public void A_wrong_origin_is_named() =>
        Assert.Equal(
            "transformation.BoundingBoxCrop.origin",
            Assert.Throws<SegException>(
                () => Create("BoundingBoxCrop", ("size", new[] { 2, 2 }), ("origin", new[] { 0.5, 1 }))).TargetItem);

    [Fact]
    public void A_box_without_origin_lies_in_the_middle()
    {
        var drawn = Create("BoundingBoxCrop", ("size", new[] { 2, 4 })).Draw(Sample(Grid), null);
        Assert.Equal(Voxels(2, 2, 2, 4), drawn.Apply(Ramp(Grid.Count)));
    }

    private static float[] Applied(DrawnPipeline drawn, float[] source, SampleKinds kind = SampleKinds.Image)
    {
        var result = new float[drawn.Output.Size.Count];
        drawn.Apply(source, result, kind);
        return result;
    }

    private static float[] Box(GridSize grid, int h0, int h1, int w0, int w1) =>
        Filled(grid, (h, w, _) => h >= h0 && h < h1 && w >= w0 && w < w1 ? 1 : 0);

    private static float[] Voxels(int h0, int w0, int rows, int columns) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => (float)(((h0 + (i / columns)) * Grid.W) + w0 + (i % columns)))];
}
