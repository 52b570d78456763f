using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

/// <summary>A small ball somewhere in a sample of unequal voxels, followed through a chain and back.</summary>
public sealed class UndoInMillimetresTests
{
    private const double H = 0.5, W = 1.2, D = 2.0;

    [Theory]
    [InlineData(1, 20, 30, 0)]
    [InlineData(1, 71, 17, 0)]
    [InlineData(24, 31, 26, 9)]
    [InlineData(24, 60, 20, 15)]
    public void A_point_keeps_its_place_on_the_new_grid_and_comes_back_to_it(int depth, double h, double w, double d)
    {
        var sample = Sample(new GridSize(91, 47, depth), H, W, D);
        var label = Ball(sample, (h, w, d));
        var drawn = TransformPipeline.Draw(
            [
                Create("Resample", ("hspace", 0.75), ("wspace", 0.8), ("dspace", 1.1)),
                Create("CenterCrop", ("size", new[] { 80, 64, 38 })),
            ],
            sample, null);
        var moved = new float[drawn.Output.Size.Count];
        drawn.Apply(label, moved, SampleKinds.Label);

        // First and last voxel centres stay, so the distance between them is the same; the crop is worked out anew here.
        GridSize before = sample.Size, after = drawn.Output.Size;
        var there = Centre(moved, after);
        Assert.Equal(h * H, FromCrop(there.H, before.H, H, 0.75, after.H), 0.05);
        Assert.Equal(w * W, FromCrop(there.W, before.W, W, 0.8, after.W), 0.05);
        if (depth > 1)
            Assert.Equal(d * D, FromCrop(there.D, before.D, D, 1.1, after.D), 0.1);

        var back = new float[label.Length];
        drawn.Undo(moved, back);
        AssertSame((h, w, d), Centre(back, before));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    public void Turned_and_mirrored_points_come_back_too(int depth)
    {
        var sample = Sample(new GridSize(91, 47, depth), H, W, D);
        var place = (38.0, 25.0, depth == 1 ? 0 : 12.0);
        var label = Ball(sample, place);
        var moves = 0;
        for (var seed = 0; seed < 6; seed++)
        {
            var drawn = TransformPipeline.Draw(
                [
                    Create("Resample", ("hspace", 0.8), ("wspace", 0.8), ("dspace", 0.8)),
                    Create(
                        "RandomAffine", ("degrees", 25.0), ("scale", new[] { 0.15, 0.1, 0.1 }), ("translate", new[] { 0.1, 0.1, 0.05 })),
                    Create("RandomReverse"),
                ],
                sample, new RandomStream(seed));
            var moved = new float[drawn.Output.Size.Count];
            drawn.Apply(label, moved, SampleKinds.Label);
            var back = new float[label.Length];
            drawn.Undo(moved, back);
            AssertSame(place, Centre(back, sample.Size));
            moves += Math.Abs((Centre(moved, drawn.Output.Size).H * 0.8) - (place.Item1 * H)) > 1 ? 1 : 0;
        }

        Assert.InRange(moves, 4, 6);
    }

    private static void AssertSame((double H, double W, double D) place, (double H, double W, double D) found)
    {
        Assert.Equal(place.H * H, found.H * H, 0.05);
        Assert.Equal(place.W * W, found.W * W, 0.05);
        Assert.Equal(place.D * D, found.D * D, 0.1);
    }

    /// <summary>From an index after resampling and cropping to mm from the first voxel before.</summary>
    private static double FromCrop(double index, int n, double spacing, double target, int size)
    {
        var resampled = (int)Math.Round(n * spacing / target, MidpointRounding.ToEven);
        var first = Math.Round((resampled - size) / 2.0, MidpointRounding.ToEven);
        return (index + first) * (n - 1) * spacing / (resampled - 1);
    }

    private static float[] Ball(SampleInfo sample, (double H, double W, double D) at) => Filled(sample.Size, (h, w, d) =>
    {
        var (y, x, z) = ((h - at.H) * H, (w - at.W) * W, sample.Size.D == 1 ? 0 : (d - at.D) * D);
        return (float)Math.Exp(-((y * y) + (x * x) + (z * z)) / 8);
    });

    private static (double H, double W, double D) Centre(float[] values, GridSize size)
    {
        double mass = 0, h = 0, w = 0, d = 0;
        for (var i = 0; i < values.Length; i++)
        {
            mass += values[i];
            h += values[i] * (i / (size.W * size.D));
            w += values[i] * (i / size.D % size.W);
            d += values[i] * (i % size.D);
        }

        return (h / mass, w / mass, d / mass);
    }
}
