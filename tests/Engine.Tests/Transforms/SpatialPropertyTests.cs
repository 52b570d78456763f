using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

/// <summary>What must hold of every transform that moves voxels, over many random samples of one to three axes.</summary>
public class SpatialPropertyTests
{
    private const int Samples = 12;

    private static readonly GridSize[] Sizes = [new(24, 31), new(17, 12, 9), new(8, 8, 16), new(33, 5, 2)];

    private static SegTransform[] Chain =>
    [
        Create("Resample", ("hspace", 0.8), ("wspace", 1.3), ("dspace", 0.9)),
        Create("ROICrop", ("size", new[] { 20, 14 })),
        Create("RandomReverse"),
        Create("RandomAffine", ("degrees", 25L), ("scale", new[] { 0.2, 0.1, 0.2 }), ("translate", new[] { 0.1, 0.1, 0.2 })),
        Create("ElasticTransform", ("alpha_range", new[] { 2.0, 6.0 }), ("sigma_range", new[] { 2.0, 3.0 }), ("p", 0.7)),
    ];

    public static TheoryData<int> EverySize => [.. Enumerable.Range(0, Sizes.Length)];

    [Theory]
    [MemberData(nameof(EverySize))]
    public void Channels_classes_and_regions_move_together(int index)
    {
        var size = Sizes[index];
        // Linear interpolation for all of them, so that equal planes stay equal whatever they are called.
        SegTransform[] chain = [.. Chain.Where(t => t.Name != "Resample")];
        for (var seed = 0; seed < Samples; seed++)
        {
            var plane = Noise(size.Count, seed);
            var drawn = TransformPipeline.Draw(chain, Sample(size, channels: 2), new RandomStream(seed), Box(size));
            var image = Applied(drawn, plane, SampleKinds.Image);
            Assert.Equal(image, Applied(drawn, plane, SampleKinds.Image, 1));
            Assert.Equal(image, Applied(drawn, plane, SampleKinds.Label, 3));
            Assert.Equal(image, Applied(drawn, plane, SampleKinds.Roi));
        }
    }

    [Theory]
    [MemberData(nameof(EverySize))]
    public void Labels_stay_between_0_and_1(int index)
    {
        var size = Sizes[index];
        for (var seed = 0; seed < Samples; seed++)
        {
            var label = Array.ConvertAll(Noise(size.Count, seed), x => x > 0.2f ? 1f : 0f);
            var drawn = TransformPipeline.Draw(Chain, Sample(size), new RandomStream(seed), label);
            Assert.All(Applied(drawn, label, SampleKinds.Label), x => Assert.InRange(x, 0, 1));
        }
    }

    [Theory]
    [MemberData(nameof(EverySize))]
    public void The_same_seed_gives_the_same_sample_and_another_seed_another(int index)
    {
        var size = Sizes[index];
        var plane = Noise(size.Count, 1);
        float[] Run(long seed) => Applied(TransformPipeline.Draw(Chain, Sample(size), new RandomStream(seed, 7), Box(size)), plane);
        Assert.Equal(Run(5), Run(5));
        Assert.NotEqual(Run(5), Run(6));
    }

    [Theory]
    [InlineData("RandomReverse")]
    [InlineData("CenterCrop")]
    [InlineData("ROICrop")]
    [InlineData("BoundingBoxCrop")]
    public void Undo_after_do_is_exact_for_flips_and_for_what_a_crop_keeps(string name)
    {
        foreach (var size in Sizes)
        {
            for (var seed = 0; seed < Samples; seed++)
            {
                var random = new RandomStream(seed);
                var crop = new[] { random.Next(size.H) + 3, random.Next(size.W) + 3, random.Next(size.D) + 2 };
                var transform = name == "RandomReverse" ? Create(name) : Create(name, ("size", crop));
                var plane = Noise(size.Count, seed);
                var drawn = TransformPipeline.Draw([transform], Sample(size), random, Box(size));
                var kept = Undone(drawn, Applied(drawn, Filled(size, (_, _, _) => 1)));
                Assert.All(kept, x => Assert.True(x is 0 or 1));
                Assert.Equal(plane.Zip(kept, (x, k) => x * k), Undone(drawn, Applied(drawn, plane)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(EverySize))]
    public void Mass_and_centre_are_roughly_kept_by_turning_back(int index)
    {
        var size = Sizes[index] with { H = 40, W = 44 };
        var affine = Create("RandomAffine", ("degrees", 20L), ("scale", new[] { 0.15, 0.15 }), ("translate", new[] { 0.05, 0.05 }));
        var blob = Blob(size);
        for (var seed = 0; seed < Samples; seed++)
        {
            // A turn out of the plane of the slices would lift the blob out of thin volumes.
            var drawn = affine.Draw(Sample(size with { D = 1 }), new RandomStream(seed));
            for (var d = 0; d < size.D; d++)
            {
                float[] layer = [.. Enumerable.Range(0, size.H * size.W).Select(i => blob[(i * size.D) + d])];
                var back = drawn.Undo(drawn.Apply(layer));
                Assert.Equal(1, back.Sum() / layer.Sum(), 0.05);
                Assert.Equal(Centre(layer, size.W), Centre(back, size.W), 0.3);
            }
        }
    }

    [Fact]
    public void A_stretch_changes_the_mass_by_its_factors()
    {
        var size = new GridSize(48, 52, 26);
        var blob = Blob(size);
        foreach (var axes in new[] { (0, 1), (0, 2), (1, 2) })
        {
            var y = new float[size.Count];
            AffineResampler.Resample(blob, size, AffineStep.Of(size, 0.2, axes, [1.1, 0.9, 1.2], [1, -1, 0]), y);
            Assert.Equal(1.1 * 0.9 * 1.2, y.Sum() / blob.Sum(), 0.03);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    public void Turning_keeps_affine_functions_exactly_where_it_stays_inside(int first, int second)
    {
        var size = new GridSize(19, 23, 13);
        float F(double h, double w, double d) => (float)(3 + (0.5 * h) - (0.25 * w) + (0.75 * d));
        var step = AffineStep.Of(size, 0.3, (first, second), [1.05, 0.95, 1.1], [1, 0, -1]);
        var y = new float[size.Count];
        AffineResampler.Resample(Filled(size, (h, w, d) => F(h, w, d)), size, step, y);
        var inside = 0;
        for (var i = 0; i < y.Length; i++)
        {
            var (h, w, d) = step.Map(i / (size.W * size.D), i / size.D % size.W, i % size.D);
            var isInside = h >= 0 && h <= size.H - 1 && w >= 0 && w <= size.W - 1 && d >= 0 && d <= size.D - 1;
            inside += isInside ? 1 : 0;
            Assert.Equal(isInside ? F(h, w, d) : 0, y[i], 2e-5);
        }

        Assert.InRange(inside, size.Count / 3, size.Count - 1);
    }

    [Fact]
    public void Maps_in_no_plane_and_maps_out_of_all_bounds_are_done_voxel_by_voxel()
    {
        var size = new GridSize(9, 8, 7);
        var source = Noise(size.Count, 3);
        var both = Compose(AffineStep.Of(size, 0.3, (0, 1), [1, 1, 1], [0, 0, 0]), AffineStep.Of(size, 0.2, (1, 2), [1, 1, 1], [0, 1, 0]));
        var far = new AffineStep([1e12, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0.5, 0.25]);
        var nowhere = new AffineStep([double.NaN, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 0]);
        foreach (var step in new[] { both, far, nowhere })
        {
            var y = new float[size.Count];
            AffineResampler.Resample(source, size, step, y);
            Assert.Equal(
                Filled(size, (h, w, d) => step.Map(h, w, d) is var p ? VoxelSampler.At(source, size, p.H, p.W, p.D) : 0), y);
        }
    }

    [Fact]
    public void Volumes_of_equal_slices_turn_and_bend_like_the_slice()
    {
        var plane = new GridSize(21, 26);
        var volume = plane with { D = 5 };
        var slice = Noise(plane.Count, 9);
        var deep = Filled(volume, (h, w, _) => slice[(h * plane.W) + w]);
        float[][] shifts = [.. new[] { 1, 2 }.Select(seed => Array.ConvertAll(Noise(plane.Count, seed), x => 3 * x))];

        var step = AffineStep.Of(plane, 0.4, (0, 1), [1.1, 0.9, 1], [1, 2, 0]);
        var (turned, turnedDeep) = (new float[plane.Count], new float[volume.Count]);
        AffineResampler.Resample(slice, plane, step, turned);
        AffineResampler.Resample(deep, volume, AffineStep.Of(volume, 0.4, (0, 1), [1.1, 0.9, 1], [1, 2, 0]), turnedDeep);
        Near(Filled(volume, (h, w, _) => turned[(h * plane.W) + w]), turnedDeep, 1e-6);

        var (bent, bentDeep) = (new float[plane.Count], new float[volume.Count]);
        var deepShifts = Array.ConvertAll(shifts, s => Filled(volume, (h, w, _) => s[(h * plane.W) + w]));
        new ElasticField(plane, shifts).Warp(slice, null, bent);
        new ElasticField(volume, [.. deepShifts, new float[volume.Count]]).Warp(deep, null, bentDeep);
        Near(Filled(volume, (h, w, _) => bent[(h * plane.W) + w]), bentDeep, 1e-6);
    }

    private static AffineStep Compose(AffineStep outer, AffineStep inner)
    {
        var matrix = new double[9];
        for (var i = 0; i < 9; i++)
            matrix[i] = Enumerable.Range(0, 3).Sum(k => outer.Matrix[(i / 3 * 3) + k] * inner.Matrix[(k * 3) + (i % 3)]);
        var (h, w, d) = outer.Map(inner.Offset[0], inner.Offset[1], inner.Offset[2]);
        return new AffineStep(matrix, [h, w, d]);
    }

    private static float[] Box(GridSize size) =>
        Filled(size, (h, w, _) => h >= size.H / 3 && h < (size.H / 3) + 4 && w >= size.W / 2 && w < (size.W / 2) + 3 ? 1 : 0);

    private static float[] Blob(GridSize size) => Filled(size, (h, w, d) => (float)Math.Exp(
        -(Square(h - (size.H / 2.0)) + Square(w - (size.W / 2.0)) + (size.D == 1 ? 0 : 8 * Square((d - (size.D / 2.0)) / 3))) / 16));

    private static double Square(double x) => x * x;

    private static double Centre(float[] plane, int width) =>
        plane.Select((x, i) => (double)x * ((i / width) + (i % width))).Sum() / plane.Sum();

    private static float[] Applied(DrawnPipeline drawn, float[] source, SampleKinds kind = SampleKinds.Image, int channel = 0)
    {
        var result = new float[drawn.Output.Size.Count];
        drawn.Apply(source, result, kind, channel);
        return result;
    }

    private static float[] Undone(DrawnPipeline drawn, float[] source)
    {
        var result = new float[drawn.Input.Size.Count];
        drawn.Undo(source, result);
        return result;
    }
}
