using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Transforms;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms.Parity;

/// <summary>Rows of the transforms that move voxels, and of whole chains.</summary>
internal static class SpatialParity
{
    private const double Usual = 1e-5;

    public static ParityRow[] Rows { get; } =
    [
        new("Resample", "Resample", Usual, "whole transform, image and label", c => [Resampled(c).There]),
        new("Resample undo", "Resample", Usual, "linear, as for predictions", c => Resampled(c).Back),
        new("CenterCrop", "CenterCrop", 0, "whole transform and its undo", c => There(Create("CenterCrop", ("size", c.Numbers("size"))), c)),
        new("ROICrop", "ROICrop", 0, "whole transform and its undo", RoiCropped),
        new("BoundingBoxCrop", "BoundingBoxCrop", 0, "whole transform and its undo", Boxed),
        new("RandomAffine", "RandomAffine", Usual, "with the given angle, plane, scale and translation; the undo differs on purpose, see below", Turned),
        new("RandomReverse", "RandomReverse", 0, "with the given flips; undo too", Flipped),
        new("ElasticTransform field", "ElasticTransform", Usual, "displacements from the given noise", Displaced),
        new("ElasticTransform", "ElasticTransform", Usual, "with the given noise", Bent),
        new("chain of slices", "prepare_transforms", Usual, "Resample, CenterCrop, NormalizeInstance; undo too", c => c.Name == "pipeline2d" ? Chain(c) : []),
        new("chain of volumes", "prepare_transforms", Usual, "Resample, CenterCrop on the label; undo too", c => c.Name == "pipeline3d" ? Chain(c) : []),
    ];

    private static bool Depth(this GoldenCase c) => c.Json.GetProperty("in").TryGetProperty("u_dz", out _);

    private static bool Has(this GoldenCase c, string result) => c.Json.GetProperty("out").TryGetProperty(result, out _);

    private static (ParityPair There, IEnumerable<ParityPair> Back) Resampled(GoldenCase c)
    {
        var x = c.In("x");
        var (zooms, space) = (c.Numbers("zooms"), c.Numbers("space"));
        var drawn = Create("Resample", ("hspace", space[0]), ("wspace", space[1]), ("dspace", space[2]))
            .Draw(Sample(x.Size(), zooms[0], zooms[1], zooms.Length > 2 ? zooms[2] : 1), null);
        var isLabel = c.Parameters.GetProperty("data_type").GetString() == "gt";
        var y = drawn.Apply(x.Floats(), isLabel ? SampleKinds.Label : SampleKinds.Image);
        // Another shape of the same size would not be noticed in the numbers alone.
        var same = c.Out("y").Size() == drawn.Output.Size;
        return (new(c.Out("y").Floats(), same ? y : []), c.Has("undo_gt") ? [new(c.Out("undo_gt").Floats(), drawn.Undo(y))] : []);
    }

    private static ParityPair[] There(SegTransform transform, GoldenCase c)
    {
        var x = c.In("x");
        var drawn = transform.Draw(Sample(x.Size()), null);
        var y = drawn.Apply(x.Floats());
        return [new(c.Out("y").Floats(), y), new(c.Out("undo").Floats(), drawn.Undo(y))];
    }

    private static ParityPair[] RoiCropped(GoldenCase c)
    {
        var x = c.In("x");
        var stage = new[] { Create("ROICrop", ("size", c.Numbers("size"))) };
        var drawn = TransformPipeline.Draw(stage, Sample(x.Size()), null, c.In("roi").Floats());
        return Both(drawn, x, c.Out("y"), c.Out("undo"));
    }

    private static ParityPair[] Boxed(GoldenCase c)
    {
        var box = c.Numbers("bounding_box");
        return There(Create("BoundingBoxCrop", ("size", c.Numbers("size")), ("origin", new[] { box[0], box[2], box[4] })), c);
    }

    private static IEnumerable<ParityPair> Turned(GoldenCase c)
    {
        if (!c.Has("y"))
            yield break;
        var axes = c.Numbers("axes");
        yield return c.Plane((x, size, y) => AffineResampler.Resample(
            x, size, AffineStep.Of(size, c.Parameter("angle_rad"), ((int)axes[0], (int)axes[1]), c.Numbers("scale"), c.Numbers("translation")), y));
    }

    private static IEnumerable<ParityPair> Flipped(GoldenCase c)
    {
        bool[] flips = [.. c.Parameters.GetProperty("flip_axes").EnumerateArray().Select(f => f.GetBoolean())];
        var there = c.Plane((x, size, y) => RandomReverse.Flip(x, size, flips[0], flips[1], flips[2], y));
        var back = new float[there.Actual.Length];
        RandomReverse.Flip(there.Actual, c.In("x").Size(), flips[0], flips[1], flips[2], back);
        return [there, new(c.Out("undo").Floats(), back)];
    }

    /// <summary>Displacements along each axis from the given noise; without noise, none.</summary>
    private static List<(char Axis, float[] Shift)> Displacements(GoldenCase c)
    {
        var shifts = new List<(char, float[])>();
        if (!c.Has("y"))
            return shifts;
        var (alpha, sigma) = (c.Parameter("alpha"), c.Parameter("sigma"));
        var gain = c.Depth() ? alpha : alpha * ElasticTransform.ThicknessWeight(sigma);
        var filter = new GaussianFilter(c.In("x").Size(), sigma, GaussianBoundary.Zero, gain);
        foreach (var axis in c.Depth() ? "xyz" : "xy")
        {
            var shift = Array.ConvertAll(c.In($"u_d{axis}").Doubles(), u => (float)((2 * u) - 1));
            filter.Run(shift, shift);
            shifts.Add((axis, shift));
        }

        return shifts;
    }

    private static IEnumerable<ParityPair> Displaced(GoldenCase c) =>
        Displacements(c).Where(d => c.Has($"d{d.Axis}")).Select(d => new ParityPair(c.Out($"d{d.Axis}").Floats(), d.Shift));

    private static ParityPair[] Bent(GoldenCase c)
    {
        float[][] shifts = [.. Displacements(c).Select(d => d.Shift)];
        return shifts.Length == 0 ? [] : [c.Plane((x, size, y) => new ElasticField(size, shifts).Warp(x, null, y))];
    }

    private static ParityPair[] Chain(GoldenCase c)
    {
        var config = new SegConfig
        {
            Transformation =
            [
                .. c.Parameters.EnumerateObject().Select(t => t.Name == "NormalizeInstance" ? Config(t.Name) : Config(t.Name, t.Value.Settings())),
            ],
        };
        var pipeline = TransformPipeline.Create(config, DatasetParts.Testing);
        var gt = c.In("gt");
        var load = TransformPipeline.Draw(pipeline.AtLoad, Sample(gt.Size()), null);
        var pairs = Both(load, gt, c.Out("gt_final"), c.Out("gt_undone"), SampleKinds.Label);
        if (!c.Has("im_final"))
            return pairs;
        var access = TransformPipeline.Draw(pipeline.AtAccess, load.Output, null);
        var loaded = new float[load.Output.Size.Count];
        load.Apply(c.In("im").Floats(), loaded, SampleKinds.Image);
        var image = new float[access.Output.Size.Count];
        access.Apply(loaded, image, SampleKinds.Image);
        return [.. pairs, new(c.Out("im_final").Floats(), image)];
    }

    private static ParityPair[] Both(DrawnPipeline drawn, NpyArray x, NpyArray there, NpyArray back, SampleKinds kind = SampleKinds.Image)
    {
        var y = new float[drawn.Output.Size.Count];
        drawn.Apply(x.Floats(), y, kind);
        var undone = new float[x.Count];
        drawn.Undo(y, undone);
        return [new(there.Floats(), y), new(back.Floats(), undone)];
    }
}
