using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

public class ElasticTests
{
    private static readonly GridSize Plane = new(30, 34);

    private static SegTransform Always(double alpha, double sigma, bool smoothThickness = false) => Create(
        "ElasticTransform", ("alpha_range", new[] { alpha, alpha }), ("sigma_range", new[] { sigma, sigma }), ("p", 1.0),
        ("smooth_thickness", smoothThickness));

    [Fact]
    public void A_field_moves_each_voxel_by_its_own_displacement_and_mirrors_the_border()
    {
        // One row of 4: displacements of −1.25, 0.5, 0 and 2 from places 0 to 3.
        var size = new GridSize(1, 4);
        var y = new float[4];
        new ElasticField(size, new float[4], [-1.25f, 0.5f, 0, 2]).Warp([1, 2, 4, 8], null, y);

        // −1.25 lies between voxels −2 and −1, which mirror 1 and 0; 5 mirrors 2.
        Assert.Equal([1.25f, 3, 4, 4], y);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Displacements_of_any_size_agree_with_a_search_of_the_mirrored_grid(int depth)
    {
        var size = new GridSize(5, 7, depth);
        var source = Noise(size.Count, 1);
        float[][] shifts = [Scaled(size, 2), Scaled(size, 3), .. depth > 1 ? new[] { Scaled(size, 4) } : []];
        var found = new float[size.Count];
        new ElasticField(size, shifts).Warp(source, null, found);
        var expected = Filled(size, (h, w, d) =>
        {
            var i = (((h * size.W) + w) * size.D) + d;
            return (float)Mirrored(source, size, h + shifts[0][i], w + shifts[1][i], depth > 1 ? d + shifts[2][i] : 0);
        });
        Near(expected, found, 2e-5);
    }

    [Fact]
    public void Smoothing_across_the_thickness_weakens_slices_only()
    {
        var weight = ElasticTransform.ThicknessWeight(3.5);
        Assert.Equal(0.114, weight, 3);

        // Displacements are proportional to alpha: full strength at alpha·weight is the same draw as the weak form at alpha.
        var source = Noise(Plane.Count, 1);
        var weak = Always(20, 3.5, smoothThickness: true).Draw(Sample(Plane), new RandomStream(4)).Apply(source);
        var strong = Always(20 * weight, 3.5).Draw(Sample(Plane), new RandomStream(4)).Apply(source);
        Near(strong, weak, 1e-4);
        Assert.NotEqual(strong, Always(20, 3.5).Draw(Sample(Plane), new RandomStream(4)).Apply(source));

        var volume = new GridSize(10, 10, 6);
        var deep = Noise(volume.Count, 2);
        Assert.Equal(
            Always(5, 2).Draw(Sample(volume), new RandomStream(4)).Apply(deep),
            Always(5, 2, smoothThickness: true).Draw(Sample(volume), new RandomStream(4)).Apply(deep));
    }

    [Theory]
    [InlineData(1, 28, 3.5)]
    [InlineData(30, 40, 2)]
    public void Voxels_move_as_far_as_the_page_says(int depth, double alpha, double sigma)
    {
        // A ramp shows how far each voxel away from the border was moved along it.
        var size = new GridSize(90, 60, depth);
        var expected = depth == 1 ? 0.163 * alpha / sigma : 0.0865 * alpha / Math.Pow(sigma, 1.5);
        for (var axis = 0; axis < 2; axis++)
        {
            var ramp = Filled(size, (h, w, _) => axis == 0 ? h : w);
            var squares = new List<double>();
            for (var seed = 0; seed < 3; seed++)
            {
                var moved = Always(alpha, sigma).Draw(Sample(size), new RandomStream(seed)).Apply(ramp);
                for (var i = 0; i < moved.Length; i++)
                {
                    var (h, w, d) = (i / (size.W * size.D), i / size.D % size.W, i % size.D);
                    if (h is > 16 and < 74 && w is > 16 and < 44 && (depth == 1 || d is > 8 and < 22))
                        squares.Add((moved[i] - ramp[i]) * (moved[i] - ramp[i]));
                }
            }

            Assert.InRange(Math.Sqrt(squares.Average()) / expected, 0.8, 1.2);
        }
    }

    [Fact]
    public void It_happens_as_often_as_asked_and_says_what_it_drew()
    {
        var elastic = Create("ElasticTransform", ("alpha_range", new[] { 1.0, 2.0 }), ("sigma_range", new[] { 1.0, 1.5 }), ("p", 0.3));
        var random = new RandomStream(6);
        var happened = 0;
        for (var i = 0; i < 1000; i++)
        {
            var drawn = elastic.Draw(Sample(new GridSize(3, 3)), random);
            Assert.Equal(drawn.IsIdle ? 0 : 2, drawn.Describe().Count);
            happened += drawn.IsIdle ? 0 : 1;
            drawn.Release();
        }

        Assert.InRange(happened, 250, 350);
    }

    [Fact]
    public void There_is_no_way_back()
    {
        var elastic = Always(3, 2);
        Assert.False(elastic.HasUndo);
        var drawn = elastic.Draw(Sample(Plane), new RandomStream(1));
        Assert.Throws<NotSupportedException>(() => drawn.Undo(new float[Plane.Count]));
        drawn.Release();
        Assert.Throws<ObjectDisposedException>(() => drawn.Apply(new float[Plane.Count]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Turning_and_bending_in_one_interpolation_differ_from_two_by_interpolation_only(int depth)
    {
        var size = Plane with { D = depth };
        // So smooth that linear interpolation is nearly exact; far enough from the border not to meet it.
        var source = Filled(size, (h, w, d) => (float)(Math.Sin(h / 9.0) + Math.Cos(w / 11.0) + Math.Sin(d / 8.0)));
        SegTransform[] stage =
        [
            Create("RandomAffine", ("degrees", 10L), ("scale", new[] { 0.1, 0.1 }), ("translate", new[] { 0.05, 0.05 })), Always(8, 3),
        ];
        for (var seed = 0; seed < 5; seed++)
        {
            var merged = new float[size.Count];
            TransformPipeline.Draw(stage, Sample(size), new RandomStream(seed)).Apply(source, merged, SampleKinds.Image);
            var random = new RandomStream(seed);
            var turned = stage[0].Draw(Sample(size), random).Apply(source);
            var twice = stage[1].Draw(Sample(size), random).Apply(turned);
            var (close, all) = (0, 0);
            for (var i = 0; i < size.Count; i++)
            {
                var (h, w, d) = (i / (size.W * size.D), i / size.D % size.W, i % size.D);
                if (h is < 8 or >= 22 || w is < 9 or >= 25 || (depth > 1 && d is < 3 or >= 6))
                    continue;
                all++;
                close += Math.Abs(merged[i] - twice[i]) < 0.01 ? 1 : 0;
            }

            Assert.True(close == all || (depth > 1 && close > 0.9 * all), $"{close} of {all} voxels agree.");
        }
    }

    [Fact]
    public void One_interpolation_blurs_less_than_two()
    {
        SegTransform[] stage = [Create("RandomAffine", ("degrees", 10L)), Always(6, 4)];
        var noise = Noise(Plane.Count, 1);
        var (once, twice) = (0.0, 0.0);
        for (var seed = 0; seed < 10; seed++)
        {
            var merged = new float[Plane.Count];
            TransformPipeline.Draw(stage, Sample(Plane), new RandomStream(seed)).Apply(noise, merged, SampleKinds.Image);
            var random = new RandomStream(seed);
            var apart = stage[0].Draw(Sample(Plane), random).Apply(noise);
            apart = stage[1].Draw(Sample(Plane), random).Apply(apart);
            (once, twice) = (once + merged.Sum(x => x * x), twice + apart.Sum(x => x * x));
        }

        Assert.True(once > 1.3 * twice, $"Of the noise, {once / 10:F0} is left by one and {twice / 10:F0} by two.");
    }

    [Fact]
    public void Steps_on_different_planes_are_not_merged()
    {
        var affine = Config("RandomAffine", ("degrees", 10L));
        affine.AppliedTo = ["im", "gt"];
        SegTransform[] stage = [TransformRegistry.Create(affine), Always(8, 3)];
        var source = Noise(Plane.Count, 1);
        var drawn = TransformPipeline.Draw(stage, Sample(Plane), new RandomStream(3));
        var roi = new float[Plane.Count];
        drawn.Apply(source, roi, SampleKinds.Roi);

        var random = new RandomStream(3);
        stage[0].Draw(Sample(Plane), random);
        Assert.Equal(stage[1].Draw(Sample(Plane), random).Apply(source), roi);
    }

    private static float[] Scaled(GridSize size, int seed) => Array.ConvertAll(Noise(size.Count, seed), x => 12 * x);

    /// <summary>Linear interpolation over all voxels of the endlessly mirrored grid, in double precision.</summary>
    private static double Mirrored(float[] source, GridSize size, double h, double w, double d)
    {
        static int Fold(int i, int n)
        {
            while (i < 0 || i >= n)
                i = i < 0 ? -1 - i : (2 * n) - 1 - i;
            return i;
        }

        var sum = 0.0;
        var (i, j, k) = ((int)Math.Floor(h), (int)Math.Floor(w), (int)Math.Floor(d));
        for (var corner = 0; corner < 8; corner++)
        {
            var (a, b, c) = (i + (corner & 1), j + (corner >> 1 & 1), k + (corner >> 2));
            var weight = (1 - Math.Abs(h - a)) * (1 - Math.Abs(w - b)) * (1 - Math.Abs(d - c));
            sum += weight * source[(((Fold(a, size.H) * size.W) + Fold(b, size.W)) * size.D) + Fold(c, size.D)];
        }

        return sum;
    }
}
