using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

public class DilateGTTests
{
    [Theory]
    [InlineData(0.3, new[] { 1, 0.5, 0 })]
    [InlineData(1.0, new[] { 1, 0.75, 0.5, 0.25, 0 })]
    [InlineData(0.0, new[] { 1.0, 0 })]
    public void A_square_of_9_gets_as_many_rings_as_the_root_of_its_size_says(double factor, double[] outwards)
    {
        var label = new float[15 * 15];
        for (var i = 0; i < 9; i++)
            label[((6 + (i / 3)) * 15) + 6 + (i % 3)] = 1;
        var dilated = Dilated(label, new GridSize(15, 15), factor);
        for (var i = 0; i < outwards.Length; i++)
            Assert.Equal(outwards[i], dilated[(7 * 15) + 8 + i], 6);
        // A ring is a city-block circle: beside the corner of the square lies ring 2.
        Assert.Equal(outwards.Length > 2 ? outwards[2] : 0, dilated[(9 * 15) + 9], 6);
    }

    [Fact]
    public void Rings_of_two_objects_add_up_to_1_at_most()
    {
        float[] label = [0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0];
        // √4 rounds to 2 rings of ⅔ and ⅓ on both sides.
        Near([1 / 3f, 2 / 3f, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2 / 3f, 1 / 3f], Dilated(label, new GridSize(1, 13), 1), 1e-6);
    }

    [Theory]
    [InlineData(9, 11, 1)]
    [InlineData(7, 6, 5)]
    [InlineData(1, 14, 3)]
    public void Breadth_first_rings_are_the_sums_of_city_block_distances(int h, int w, int d)
    {
        var size = new GridSize(h, w, d);
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new RandomStream(seed);
            var label = Enumerable.Range(0, size.Count).Select(_ => random.Next(5) == 0 ? 0.4f + (float)random.NextDouble() : 0).ToArray();
            var factor = random.NextUniform(0.1, 2);
            Near(Simple(label, size, factor), Dilated(label, size, factor), 1e-6);
        }
    }

    [Fact]
    public void What_is_never_above_one_half_vanishes_and_what_is_empty_stays()
    {
        var size = new GridSize(2, 2);
        Assert.Equal([0, 0, 0, 0], Dilated([0.5f, 0.1f, 0, 0], size, 1));
        Assert.Equal([0, 0, 0, 0], Dilated([0, 0, 0, 0], size, 1));
        Assert.Equal([0.5f, 0.1f, 0, 1], Dilated([0.5f, 0.1f, 0, 1], size, 0));
    }

    [Fact]
    public void Images_are_left_alone_and_must_be()
    {
        Assert.Equal(SampleKinds.Label, Create("DilateGT", ("dilation_factor", 1.0)).AppliesTo);
        var config = Config("DilateGT", ("dilation_factor", 1.0));
        config.AppliedTo = ["im", "gt"];
        Assert.Equal("transformation.DilateGT.applied_to", Assert.Throws<SegException>(() => TransformRegistry.Create(config)).TargetItem);
    }

    private static float[] Dilated(float[] label, GridSize size, double factor) =>
        Create("DilateGT", ("dilation_factor", factor)).Draw(Sample(size), null).Apply(label, SampleKinds.Label);

    private static float[] Simple(float[] label, GridSize size, double factor)
    {
        var sums = new double[label.Length];
        var objects = Objects(label, size);
        foreach (var voxels in objects)
        {
            var rings = Math.Round(factor * Math.Sqrt(voxels.Count), MidpointRounding.ToEven);
            for (var i = 0; i < sums.Length; i++)
                sums[i] += Math.Max(0, rings + 1 - voxels.Min(v => Distance(i, v, size))) / (rings + 1);
        }

        return [.. sums.Select(s => (float)Math.Min(s, 1))];
    }

    private static List<List<int>> Objects(float[] label, GridSize size)
    {
        var objects = new List<List<int>>();
        foreach (var voxel in Enumerable.Range(0, label.Length).Where(i => label[i] > 0.5f))
        {
            var touched = objects.FindAll(o => o.Exists(v => Distance(voxel, v, size) == 1));
            objects.RemoveAll(touched.Contains);
            objects.Add([voxel, .. touched.SelectMany(o => o)]);
        }

        return objects;
    }

    private static int Distance(int a, int b, GridSize size) =>
        Math.Abs((a / size.D / size.W) - (b / size.D / size.W)) + Math.Abs((a / size.D % size.W) - (b / size.D % size.W))
        + Math.Abs((a % size.D) - (b % size.D));
}
