using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

public class ResampleTests
{
    [Theory]
    [InlineData(1, new float[] { 0, 1, 2, 3 }, new[] { 0, 0.5f, 1, 1.5f, 2, 2.5f, 3 })]
    [InlineData(2, new float[] { 0, 1, 4, 9 }, new[] { 0, 0.2714f, 1, 2.1f, 4, 7.1286f, 9 })]
    public void Splines_agree_with_known_values_along_every_axis(int order, float[] source, float[] expected)
    {
        for (var axis = 0; axis < 3; axis++)
        {
            var result = new float[7];
            SplineResampler.Resample(source, new GridSize(1, 1, 1).With(axis, 4), result, new GridSize(1, 1, 1).With(axis, 7), order);
            Near(expected, result, 5e-5);
        }
    }

    [Theory]
    [InlineData(131, 1 / 0.75, 175)]
    [InlineData(5, 0.5, 2)]
    [InlineData(3, 0.5, 2)]
    [InlineData(2, 0.1, 1)]
    public void Length_is_rounded_half_to_even_and_never_zero(int n, double factor, int expected) =>
        Assert.Equal(expected, SplineResampler.OutputLength(n, factor));

    [Fact]
    public void Columns_far_apart_do_not_mix()
    {
        // Wider than one block of columns; each column is a ramp that starts at its own number.
        const int width = 5000;
        var source = new float[3 * width];
        for (var i = 0; i < source.Length; i++)
            source[i] = (i % width) + (10 * (i / width));
        var result = new float[5 * width];
        SplineResampler.Resample(source, new GridSize(3, width), result, new GridSize(5, width), 1);
        for (var k = 0; k < 5; k++)
        {
            for (var w = 0; w < width; w++)
                Assert.Equal(w + (5 * k), result[(k * width) + w], 3);
        }
    }

    [Fact]
    public void Undo_returns_to_the_grid_before()
    {
        var drawn = Create("Resample", ("hspace", 0.75), ("wspace", 2L)).Draw(Sample(new GridSize(9, 11)), null);
        Assert.Equal(new GridSize(12, 6), drawn.Output.Size);
        Assert.Equal((0.75, 2, 1), drawn.Output.Spacing);
        var ones = Enumerable.Repeat(1f, drawn.Output.Size.Count).ToArray();
        Near(Enumerable.Repeat(1f, 99).ToArray(), drawn.Undo(ones), 1e-6);
    }

    [Fact]
    public void Labels_are_interpolated_linearly_so_that_they_stay_between_0_and_1()
    {
        float[] step = [0, 0, 0, 1, 1, 1];
        var drawn = Create("Resample", ("hspace", 1.0), ("wspace", 0.4)).Draw(Sample(new GridSize(1, 6)), null);
        var label = drawn.Apply(step, SampleKinds.Label);
        var image = drawn.Apply(step, SampleKinds.Image);
        Assert.All(label, x => Assert.InRange(x, 0, 1));
        Assert.Contains(image, x => x is < -0.01f or > 1.01f);
    }

    [Fact]
    public void A_size_out_of_all_proportion_is_an_error_that_speaks_of_units()
    {
        var resample = Create("Resample", ("hspace", 0.0001), ("wspace", 0.0001));
        var error = Assert.Throws<SegException>(() => resample.Draw(Sample(new GridSize(700, 700), 0.13, 0.13), null));
        Assert.Equal("ResampleTooLarge", error.ErrorId);
    }
}
