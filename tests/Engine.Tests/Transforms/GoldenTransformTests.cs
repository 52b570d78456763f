using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Tests.Transforms.Parity;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

/// <summary>
/// Kernels against figures of the reference toolbox that are written down here, so that they are met without its files too;
/// <see cref="ParityTests"/> has all of them.
/// </summary>
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

    [Fact]
    public void Written_down_figures_of_gray_values_are_met()
    {
        var image = GoldenPlanes.Image;
        At(GoldenPlanes.ImageClipped, Create("HistogramClipping", ("min_percentile", 30L), ("max_percentile", 60L)).Draw(Sample(Plane), null).Apply(image));
        // The figures are of the image stretched to 0 … 1, which Clahe does itself.
        At(GoldenPlanes.ImageEqualized, Create("Clahe", ("clip_limit", 0.02)).Draw(Sample(Plane), null).Apply(image));
        At(GoldenPlanes.ImagePower, Done(y => RandomGamma.Power(image, 1.7, y)));
        At(GoldenPlanes.ImageBlurred, Done(y => RandomBlur.Blur(image, Plane, 0.8, y)));
        var field = Done(y => BiasField.Fill(Plane, 2, [.. Enumerable.Range(1, 10).Select(i => Math.Sin(i) / 2)], y));
        At(GoldenPlanes.ImageBiased, [.. image.Zip(field, (x, f) => x * f)]);
        At(
            GoldenPlanes.LabelDilated,
            Create("DilateGT", ("dilation_factor", 0.3)).Draw(Sample(Plane), null).Apply(GoldenPlanes.Label, SampleKinds.Label));

        static float[] Done(Action<float[]> kernel)
        {
            var y = new float[Plane.Count];
            kernel(y);
            return y;
        }
    }

    [SharedFact]
    public void Boxes_that_leave_the_array_agree()
    {
        foreach (var c in Golden.Load("transforms").Of("CroppableArray"))
        {
            var (x, y) = (c.In("x"), c.Out("y"));
            int[][] slices =
            [
                .. c.Parameters.GetProperty("slices").EnumerateArray().Select(s => s.EnumerateArray().Select(n => n.GetInt32()).ToArray()),
            ];
            var to = new GridSize(slices[0][1] - slices[0][0], slices[1][1] - slices[1][0]);
            var copied = new float[to.Count];
            BoxCopy.Copy(x.Floats(), x.Size(), (slices[0][0], slices[1][0], 0), copied, to);
            // A box that misses the array altogether has another size in the reference; here it has the size that was asked for.
            var missed = c.Name is "CroppableArray.out0" or "CroppableArray.out1";
            Near(missed ? new float[to.Count] : y.Floats(), copied, 0);
        }
    }

    private static void At((int At, float Value)[] expected, float[] actual)
    {
        foreach (var (at, value) in expected)
            Assert.Equal(value, actual[at], (float)Tolerance);
    }
}
