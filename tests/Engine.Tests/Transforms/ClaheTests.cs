using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

public class ClaheTests
{
    [Fact]
    public void The_result_lies_between_0_and_1_whatever_the_range_of_the_values()
    {
        var size = new GridSize(30, 26);
        var source = Noise(size.Count);
        var expected = Equalized(source, size, 0.05, 8, 8);
        Assert.Equal((0f, 1f), (expected.Min(), expected.Max()));
        // A power of two keeps every digit, so the gray levels are the same.
        Assert.Equal(expected, Equalized([.. source.Select(x => 4096 * x)], size, 0.05, 8, 8));
    }

    [Fact]
    public void A_sample_of_one_value_becomes_0() => Assert.Equal(new float[6], Equalized([7, 7, 7, 7, 7, 7], new GridSize(2, 3), 0.1, 8, 8));

    [Fact]
    public void Dark_and_bright_halves_get_the_same_range()
    {
        var size = new GridSize(16, 64);
        var noise = Noise(size.Count);
        var source = noise.Select((x, i) => i % 64 < 32 ? 0.01f * x : 0.9f + (0.1f * x)).ToArray();
        var equalized = Equalized(source, size, 1, 16, 16);
        Assert.True(Spread(equalized, 0, 16) > 0.5, "The dark side must be stretched.");
        Assert.True(Spread(equalized, 48, 64) > 0.5, "The bright side must be stretched.");

        double Spread(float[] values, int from, int to)
        {
            var part = values.Where((_, i) => i % 64 >= from && i % 64 < to).ToArray();
            return part.Max() - part.Min();
        }
    }

    [Fact]
    public void A_lower_limit_gives_less_contrast()
    {
        var size = new GridSize(32, 32);
        var source = Enumerable.Range(0, size.Count).Select(i => (i % 32 is > 12 and < 20 ? 1f : 0) + (0.02f * Noise(size.Count)[i])).ToArray();
        var strong = Equalized(source, size, 1, 8, 8);
        var weak = Equalized(source, size, 0.05, 8, 8);
        Assert.True(Deviation(strong) > Deviation(weak));

        static double Deviation(float[] values) => values.Where((_, i) => i % 32 < 8).Select(x => (double)x).ToArray() is var v
            ? v.Select(x => Math.Abs(x - v.Average())).Average()
            : 0;
    }

    [Fact]
    public void Volumes_of_equal_slices_are_equal_slices()
    {
        var size = new GridSize(20, 17, 6);
        var slice = Noise(20 * 17);
        var volume = Enumerable.Range(0, size.Count).Select(i => slice[i / 6]).ToArray();
        var equalized = Equalized(volume, size, 0.2, 5, 6, 4);
        var flat = Equalized(slice, new GridSize(20, 17), 0.2, 5, 6);
        for (var i = 0; i < slice.Length; i++)
        {
            for (var d = 0; d < 6; d++)
                Assert.Equal(flat[i], equalized[(i * 6) + d], 2);
        }
    }

    [Fact]
    public void A_volume_needs_a_kernel_of_three_numbers_and_a_slice_ignores_the_third()
    {
        var error = Assert.Throws<SegException>(() => Create("Clahe").Draw(Sample(new GridSize(9, 9, 4)), null));
        Assert.Equal(("TransformParameter", "transformation.Clahe.kernel_size"), (error.ErrorId, error.TargetItem));
        Assert.Contains("9×9×4", error.Message, StringComparison.Ordinal);
        var source = Noise(81);
        Assert.Equal(Equalized(source, new GridSize(9, 9), 3, 4, 4), Equalized(source, new GridSize(9, 9), 3, 4, 4, 7));
    }

    [Fact]
    public void A_tile_may_be_larger_than_the_sample() => Assert.Equal(1, Equalized(Noise(12), new GridSize(3, 4), 0.1, 40, 50).Max());

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(20)]
    public void Clipping_a_histogram_loses_no_voxel_that_has_room(int limit)
    {
        var random = new RandomStream(limit);
        for (var trial = 0; trial < 200; trial++)
        {
            var histogram = new int[TileHistogram.Bins];
            var voxels = random.Next(2000);
            for (var i = 0; i < voxels; i++)
                histogram[random.Next(1 + random.Next(TileHistogram.Bins))]++;
            TileHistogram.Clip(histogram, limit);
            Assert.True(histogram.Max() <= limit);
            // The last round of raising may give a few more than there are.
            Assert.True(histogram.Sum() >= Math.Min(voxels, limit * TileHistogram.Bins));
        }
    }

    private static float[] Equalized(float[] source, GridSize size, double limit, params int[] kernel) =>
        Create("Clahe", ("clip_limit", limit), ("kernel_size", kernel)).Draw(Sample(size), null).Apply(source);

    private static float[] Noise(int count)
    {
        var random = new RandomStream(4);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble())];
    }
}
