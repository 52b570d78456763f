using System.Text.Json;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

/// <summary>The deterministic kernels against figures of the reference toolbox.</summary>
public class GoldenTransformTests
{
    private const double Tolerance = 1e-4;
    private static readonly GridSize Plane = new(20, 23);

    [Fact]
    public void Written_down_figures_of_resampling_are_met()
    {
        var drawn = Create("Resample", ("hspace", 1.5), ("wspace", 1.25), ("dspace", 2.0)).Draw(Sample(Plane), null);
        Assert.Equal(new GridSize(13, 18), drawn.Output.Size);
        var image = drawn.Apply(GoldenPlanes.Image);
        At(GoldenPlanes.ImageResampled, image);
        At(GoldenPlanes.LabelResampled, drawn.Apply(GoldenPlanes.Label, SampleKinds.Label));
        At(GoldenPlanes.ImageResampledBack, drawn.Undo(image));
    }

    [Fact]
    public void Written_down_figures_of_turning_are_met()
    {
        var step = AffineStep.Of(Plane, -0.35, (0, 1), [1.1, 0.9, 1], [2, -1, 0]);
        foreach (var (source, expected) in new[] { (GoldenPlanes.Image, GoldenPlanes.ImageTurned), (GoldenPlanes.Label, GoldenPlanes.LabelTurned) })
        {
            var y = new float[source.Length];
            AffineResampler.Resample(source, Plane, step, y);
            At(expected, y);
        }
    }

    [SharedFact]
    public void Resample_agrees()
    {
        foreach (var c in Golden.Load("transforms").Of("Resample"))
        {
            var x = c.In("x");
            var zooms = Numbers(c.Parameters, "zooms");
            var space = Numbers(c.Parameters, "space");
            var isLabel = c.Parameters.GetProperty("data_type").GetString() == "gt";
            var drawn = Create("Resample", ("hspace", space[0]), ("wspace", space[1]), ("dspace", space[2]))
                .Draw(Sample(Size(x), zooms[0], zooms[1], zooms.Length > 2 ? zooms[2] : 1), null);
            var y = drawn.Apply(x.Floats(), isLabel ? SampleKinds.Label : SampleKinds.Image);
            Assert.Equal(Size(c.Out("y")), drawn.Output.Size);
            Near(c.Out("y").Floats(), y, Tolerance);
            if (c.Json.GetProperty("out").TryGetProperty("undo_gt", out _))
                Near(c.Out("undo_gt").Floats(), drawn.Undo(y), Tolerance);
        }
    }

    [SharedFact]
    public void CenterCrop_agrees_and_its_undo_too()
    {
        foreach (var c in Golden.Load("transforms").Of("CenterCrop"))
        {
            var x = c.In("x");
            var size = Numbers(c.Parameters, "size");
            var drawn = Create("CenterCrop", ("size", size)).Draw(Sample(Size(x)), null);
            var y = drawn.Apply(x.Floats());
            Near(c.Out("y").Floats(), y, 0);
            Near(c.Out("undo").Floats(), drawn.Undo(y), 0);
        }
    }

    [SharedFact]
    public void ROICrop_agrees_and_its_undo_too()
    {
        foreach (var c in Golden.Load("transforms").Of("ROICrop"))
        {
            var x = c.In("x");
            var stage = new[] { Create("ROICrop", ("size", Numbers(c.Parameters, "size"))) };
            var drawn = TransformPipeline.Draw(stage, Sample(Size(x)), null, c.In("roi").Floats());
            var y = new float[drawn.Output.Size.Count];
            drawn.Apply(x.Floats(), y, SampleKinds.Image);
            Near(c.Out("y").Floats(), y, 0);
            var back = new float[x.Count];
            drawn.Undo(y, back);
            Near(c.Out("undo").Floats(), back, 0);
        }
    }

    [SharedFact]
    public void BoundingBoxCrop_agrees_and_its_undo_too()
    {
        foreach (var c in Golden.Load("transforms").Of("BoundingBoxCrop"))
        {
            var x = c.In("x");
            var box = Numbers(c.Parameters, "bounding_box");
            var drawn = Create("BoundingBoxCrop", ("size", Numbers(c.Parameters, "size")), ("origin", new[] { box[0], box[2], box[4] }))
                .Draw(Sample(Size(x)), null);
            var y = drawn.Apply(x.Floats());
            Near(c.Out("y").Floats(), y, 0);
            Near(c.Out("undo").Floats(), drawn.Undo(y), 0);
        }
    }

    [SharedFact]
    public void Boxes_that_leave_the_array_agree()
    {
        foreach (var c in Golden.Load("transforms").Of("CroppableArray"))
        {
            var (x, y) = (c.In("x"), c.Out("y"));
            int[][] slices = [.. c.Parameters.GetProperty("slices").EnumerateArray().Select(s => s.EnumerateArray().Select(n => n.GetInt32()).ToArray())];
            var to = new GridSize(slices[0][1] - slices[0][0], slices[1][1] - slices[1][0]);
            var copied = new float[to.Count];
            BoxCopy.Copy(x.Floats(), Size(x), (slices[0][0], slices[1][0], 0), copied, to);
            // A box that misses the array altogether has another size in the reference; here it has the size that was asked for.
            var missed = c.Name is "CroppableArray.out0" or "CroppableArray.out1";
            Near(missed ? new float[to.Count] : y.Floats(), copied, 0);
        }
    }

    [SharedFact]
    public void NormalizeInstance_agrees()
    {
        foreach (var c in Golden.Load("transforms").Of("NormalizeInstance"))
        {
            var x = c.In("x");
            var drawn = Create("NormalizeInstance").Draw(Sample(Size(x)), null);
            Near(c.Out("y").Floats(), drawn.Apply(x.Floats()), Tolerance);
        }
    }

    [SharedFact]
    public void Affine_interpolation_agrees()
    {
        foreach (var c in Golden.Load("transforms").Of("RandomAffine").Where(c => c.Name != "RandomAffine.draw"))
        {
            var x = c.In("x");
            var axes = Numbers(c.Parameters, "axes");
            var step = AffineStep.Of(
                Size(x),
                c.Parameters.GetProperty("angle_rad").GetDouble(),
                ((int)axes[0], (int)axes[1]),
                Numbers(c.Parameters, "scale"),
                Numbers(c.Parameters, "translation"));
            var y = new float[x.Count];
            AffineResampler.Resample(x.Floats(), Size(x), step, y);
            Near(c.Out("y").Floats(), y, Tolerance);
        }
    }

    [SharedFact]
    public void Elastic_interpolation_of_a_given_field_agrees()
    {
        foreach (var c in Golden.Load("transforms").Of("ElasticTransform").Where(c => c.Name != "Elastic.im_vs_gt"))
        {
            var x = c.In("x");
            var depth = c.Json.GetProperty("in").TryGetProperty("u_dz", out _);
            var (alpha, sigma) = (c.Parameters.GetProperty("alpha").GetDouble(), c.Parameters.GetProperty("sigma").GetDouble());
            var gain = depth ? alpha : alpha * ElasticTransform.ThicknessWeight(sigma);
            var filter = new GaussianFilter(Size(x), sigma, GaussianBoundary.Zero, gain);
            var shifts = new List<float[]>();
            foreach (var name in depth ? new[] { "u_dx", "u_dy", "u_dz" } : ["u_dx", "u_dy"])
            {
                var shift = Array.ConvertAll(c.In(name).Doubles(), u => (float)((2 * u) - 1));
                filter.Run(shift, shift);
                shifts.Add(shift);
            }

            Near(c.Out("dx").Floats(), shifts[0], Tolerance);
            Near(c.Out("dy").Floats(), shifts[1], Tolerance);
            var y = new float[x.Count];
            new ElasticField(Size(x), [.. shifts]).Warp(x.Floats(), null, y);
            Near(c.Out("y").Floats(), y, Tolerance);
        }
    }

    [SharedFact]
    public void Flips_agree()
    {
        foreach (var c in Golden.Load("transforms").Of("RandomReverse"))
        {
            var x = c.In("x");
            var flips = c.Parameters.GetProperty("flip_axes").EnumerateArray().Select(f => f.GetBoolean()).ToArray();
            var y = new float[x.Count];
            RandomReverse.Flip(x.Floats(), Size(x), flips[0], flips[1], flips[2], y);
            Near(c.Out("y").Floats(), y, 0);
        }
    }

    [SharedFact]
    public void A_whole_pipeline_agrees_and_is_undone()
    {
        var c = Golden.Load("transforms").Cases.First(c => c.Name == "pipeline2d");
        var config = new SegConfig
        {
            Transformation =
            [
                Config("Resample", ("hspace", 0.75), ("wspace", 0.75), ("dspace", 1.0)),
                Config("CenterCrop", ("size", new[] { 24, 24 })),
                Config("NormalizeInstance"),
            ],
        };
        var pipeline = TransformPipeline.Create(config, DatasetParts.Testing);
        var load = TransformPipeline.Draw(pipeline.AtLoad, Sample(Size(c.In("im"))), null);
        var access = TransformPipeline.Draw(pipeline.AtAccess, load.Output, null);

        Near(c.Out("im_final").Floats(), Both(load, access, c.In("im").Floats(), SampleKinds.Image), Tolerance);
        var label = Both(load, access, c.In("gt").Floats(), SampleKinds.Label);
        Near(c.Out("gt_final").Floats(), label, Tolerance);
        var back = new float[c.In("gt").Count];
        load.Undo(label, back);
        Near(c.Out("gt_undone").Floats(), back, Tolerance);
    }

    private static void At((int At, float Value)[] expected, float[] actual)
    {
        foreach (var (at, value) in expected)
            Assert.Equal(value, actual[at], (float)Tolerance);
    }

    private static float[] Both(DrawnPipeline load, DrawnPipeline access, float[] source, SampleKinds kind)
    {
        var loaded = new float[load.Output.Size.Count];
        load.Apply(source, loaded, kind);
        var result = new float[access.Output.Size.Count];
        access.Apply(loaded, result, kind);
        return result;
    }

    private static GridSize Size(NpyArray array) => new(array.Shape[0], array.Shape[1], array.Shape.Length > 2 ? array.Shape[2] : 1);

    private static double[] Numbers(JsonElement parameters, string name) =>
        [.. parameters.GetProperty(name).EnumerateArray().Select(e => e.GetDouble())];
}
