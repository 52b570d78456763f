using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

public class RandomTransformTests
{
    private static readonly GridSize Square = new(32, 32);

    [Fact]
    public void An_affine_draw_is_the_same_for_image_and_label()
    {
        var drawn = Create("RandomAffine", ("degrees", 20L), ("scale", new[] { 0.2, 0.2 }), ("translate", new[] { 0.1, 0.1 }))
            .Draw(Sample(Square), new RandomStream(3));
        var blob = Blob();
        Assert.Equal(drawn.Apply(blob), drawn.Apply(blob, SampleKinds.Label, 1));
        Assert.NotEqual(blob, drawn.Apply(blob));
    }

    [Fact]
    public void Undo_of_an_affine_draw_returns_the_blob_to_its_place()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var drawn = Create("RandomAffine", ("degrees", 30L), ("scale", new[] { 0.2, 0.2 }), ("translate", new[] { 0.05, 0.05 }))
                .Draw(Sample(Square), new RandomStream(seed));
            var back = drawn.Undo(drawn.Apply(Blob()));
            Near(Blob(), back, 0.15);
        }
    }

    [Fact]
    public void A_slice_is_not_moved_along_its_thickness()
    {
        var drawn = Create("RandomAffine", ("degrees", 0L), ("scale", new[] { 0, 0, 0.9 }), ("translate", new[] { 0, 0, 1.0 }))
            .Draw(Sample(Square), new RandomStream(1));
        Assert.Equal(Blob(), drawn.Apply(Blob()));
    }

    [Fact]
    public void Quarter_turn_about_the_centre_of_the_known_convention()
    {
        // The turn is about size/2, so voxel (0, 0) of a 4×4 slice samples (0, 4), outside, and (1, 0) samples (0, 3).
        var step = AffineStep.Of(new GridSize(4, 4), Math.PI / 2, (0, 1), [1, 1, 1], [0, 0, 0]);
        Assert.Equal(0, (step.Matrix[0] * 1) + (step.Matrix[1] * 1) + step.Offset[0] - 1, 9);
        Assert.Equal(3, (step.Matrix[3] * 1) + (step.Matrix[4] * 1) + step.Offset[1], 9);
    }

    [Fact]
    public void Inverse_of_a_turn_in_space_is_exact()
    {
        var step = AffineStep.Of(new GridSize(10, 12, 7), 0.4, (0, 2), [1.1, 0.8, 0.95], [2, -1, 3]);
        var inverse = step.Inverse();
        double[] o = [3, 5, 2];
        var back = Map(inverse, Map(step, o));
        for (var i = 0; i < 3; i++)
            Assert.Equal(o[i], back[i], 9);
    }

    [Fact]
    public void Every_pair_of_flips_is_drawn_about_equally_often()
    {
        var reverse = Create("RandomReverse");
        var random = new RandomStream(11);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 4000; i++)
        {
            var key = string.Join(",", reverse.Draw(Sample(new GridSize(2, 2)), random).Apply([0, 1, 2, 3]));
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(4, counts.Count);
        Assert.All(counts.Values, n => Assert.InRange(n, 850, 1150));
    }

    [Fact]
    public void A_flip_undoes_itself()
    {
        var drawn = Create("RandomReverse").Draw(Sample(new GridSize(3, 4, 2)), new RandomStream(5));
        Assert.Equal(Ramp(24), drawn.Undo(drawn.Apply(Ramp(24))));
    }

    [Fact]
    public void Shifts_are_within_range_happen_as_often_as_asked_and_differ_between_channels()
    {
        var shift = Create("RandomShiftIntensity", ("shift_range", new[] { 1.0, 2.0 }), ("prob", 0.25));
        var random = new RandomStream(8);
        var happened = 0;
        for (var i = 0; i < 4000; i++)
        {
            var drawn = shift.Draw(Sample(new GridSize(1, 1), channels: 2), random);
            var (first, second) = (drawn.Apply([0f])[0], drawn.Apply([0f], channel: 1)[0]);
            Assert.True(first == 0 || first is >= 1 and <= 2);
            Assert.True(first == 0 || first != second);
            happened += first != 0 ? 1 : 0;
        }

        Assert.InRange(happened, 880, 1120);
    }

    [Theory]
    [InlineData("RandomAffine", "degrees", new double[] { -1 })]
    [InlineData("RandomAffine", "degrees", new double[] { 1, 2, 3 })]
    [InlineData("RandomAffine", "degrees", new double[] { 5, -5 })]
    [InlineData("RandomAffine", "translate", new[] { 0.1 })]
    [InlineData("RandomAffine", "translate", new[] { 0.1, 1.5 })]
    [InlineData("RandomAffine", "scale", new[] { -0.1, 0 })]
    [InlineData("RandomShiftIntensity", "shift_range", new double[] { 2, 1 })]
    [InlineData("ElasticTransform", "alpha_range", new double[] { 2, 1 })]
    [InlineData("ElasticTransform", "alpha_range", new double[] { -1, 1 })]
    [InlineData("ElasticTransform", "sigma_range", new double[] { 3 }, "alpha_range")]
    [InlineData("CenterCrop", "size", new double[] { 0, 5 })]
    [InlineData("CenterCrop", "size", new double[] { 5 })]
    public void Wrong_parameters_are_named(string transform, string parameter, double[] value, string? also = null)
    {
        var error = Assert.Throws<SegException>(
            () => Create(transform, also is null ? [(parameter, value)] : [(also, new double[] { 1, 2 }), (parameter, value)]));
        Assert.Equal($"transformation.{transform}.{parameter}", error.TargetItem);
    }

    private static double[] Map(AffineStep step, double[] o) =>
        [.. Enumerable.Range(0, 3).Select(i => (step.Matrix[i * 3] * o[0]) + (step.Matrix[(i * 3) + 1] * o[1]) + (step.Matrix[(i * 3) + 2] * o[2]) + step.Offset[i])];

    private static float[] Blob()
    {
        var blob = new float[Square.Count];
        for (var h = 0; h < 32; h++)
        {
            for (var w = 0; w < 32; w++)
                blob[(h * 32) + w] = (float)Math.Exp(-(((h - 14.0) * (h - 14.0)) + ((w - 18.0) * (w - 18.0))) / 18);
        }

        return blob;
    }
}
