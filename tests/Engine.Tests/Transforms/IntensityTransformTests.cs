using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

public class IntensityTransformTests
{
    private static readonly GridSize Volume = new(9, 7, 5);

    public static TheoryData<string> Random => ["AdditiveGaussianNoise", "RandomGamma", "RandomBiasField", "RandomBlur", "RandomShiftIntensity"];

    [Theory]
    [MemberData(nameof(Random))]
    public void A_draw_can_be_repeated_and_applied_again(string name)
    {
        var transform = Make(name, p: 1);
        var source = Noise(Volume.Count);
        var drawn = transform.Draw(Sample(Volume, channels: 2), new RandomStream(3));
        var result = drawn.Apply(source);
        Assert.Equal(result, drawn.Apply(source));
        Assert.Equal(result, transform.Draw(Sample(Volume, channels: 2), new RandomStream(3)).Apply(source));
        Assert.NotEqual(result, transform.Draw(Sample(Volume, channels: 2), new RandomStream(4)).Apply(source));
        Assert.NotEqual(source, result);
    }

    [Theory]
    [MemberData(nameof(Random))]
    public void Channels_draw_their_own(string name)
    {
        var drawn = Make(name, p: 1).Draw(Sample(Volume, channels: 2), new RandomStream(3));
        Assert.NotEqual(drawn.Apply(Noise(Volume.Count)), drawn.Apply(Noise(Volume.Count), channel: 1));
    }

    [Theory]
    [MemberData(nameof(Random))]
    public void Labels_are_left_alone_and_predictions_are_not_changed_back(string name)
    {
        Assert.Equal(SampleKinds.Image, Make(name, p: 1).AppliesTo);
        var source = Noise(Volume.Count);
        Assert.Equal(source, Make(name, p: 1).Draw(Sample(Volume), new RandomStream(3)).Undo(source));
    }

    [Theory]
    [InlineData("RandomGamma")]
    [InlineData("RandomBiasField")]
    [InlineData("RandomBlur")]
    public void The_probability_counts_once(string name)
    {
        var transform = Make(name, p: 0.3);
        var random = new RandomStream(1);
        var source = Noise(Volume.Count);
        var changed = 0;
        for (var i = 0; i < 2000; i++)
        {
            var drawn = transform.Draw(Sample(Volume), random);
            changed += drawn.IsIdle ? 0 : 1;
            if (i < 50)
                Assert.Equal(drawn.IsIdle, source.AsSpan().SequenceEqual(drawn.Apply(source)));
            Assert.Equal(drawn.IsIdle, drawn.Describe().Count == 0);
        }

        Assert.InRange(changed, 530, 670);
    }

    [Fact]
    public void Noise_has_the_mean_and_the_deviation_that_were_asked_for()
    {
        var size = new GridSize(100, 100);
        var noise = Create("AdditiveGaussianNoise", ("mean", 2.0), ("std", 0.5)).Draw(Sample(size), new RandomStream(2)).Apply(new float[size.Count]);
        Assert.Equal(2, noise.Average(), 0.02);
        Assert.Equal(0.5, Math.Sqrt(noise.Average(x => (x - 2.0) * (x - 2))), 0.01);
        Assert.Equal(0, noise.Skip(1).Zip(noise, (a, b) => (a - 2.0) * (b - 2)).Average(), 0.01);
    }

    [Fact]
    public void A_power_keeps_signs_and_stays_finite()
    {
        float[] source = [-4, 0, 9, -0.25f, 1e20f, -1e20f, float.NaN, 1, 16, -1];
        var result = new float[source.Length];
        RandomGamma.Power(source, 0.5, result);
        Near([-2, 0, 3, -0.5f, 1e10f, -1e10f, 0, 1, 4, -1], result, 1e4);
        Near([-2, 0, 3, -0.5f], result.AsSpan(0, 4), 1e-5);
        RandomGamma.Power(source, 3, result);
        Assert.Equal([float.MaxValue, float.MinValue, 0], result[4..7]);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.6)]
    [InlineData(2.5)]
    [InlineData(9)]
    public void A_blur_is_the_sum_of_its_mirrored_neighbours(double sigma)
    {
        var source = Noise(Volume.Count);
        var result = new float[source.Length];
        RandomBlur.Blur(source, Volume, sigma, result);
        Near(SimpleBlur(source, sigma), result, 1e-5);
        RandomBlur.Blur(Enumerable.Repeat(3f, Volume.Count).ToArray(), Volume, sigma, result);
        Near(Enumerable.Repeat(3f, Volume.Count).ToArray(), result, 1e-5);
    }

    [Fact]
    public void A_field_follows_its_polynomial()
    {
        // exp(0.5 − x + 2·x·z), coefficients in the order 1, z, z², y, y·z, y², x, x·z, x·y, x².
        var field = new float[Volume.Count];
        BiasField.Fill(Volume, 2, [0.5, 0, 0, 0, 0, 0, -1, 2, 0, 0], field);
        for (var i = 0; i < field.Length; i++)
        {
            double x = (i / 35 / 4.0) - 1, z = (i % 5 / 2.0) - 1;
            Assert.Equal(Math.Exp(0.5 - x + (2 * x * z)), field[i], 4);
        }

        Assert.Equal(10, BiasField.Terms(2));
        BiasField.Fill(new GridSize(2, 2), 0, [1000], field);
        Assert.All(field[..4], x => Assert.True(float.IsFinite(x)));
    }

    [Fact]
    public void Percentiles_by_selection_are_those_of_the_sorted_values()
    {
        var random = new RandomStream(6);
        for (var trial = 0; trial < 300; trial++)
        {
            var scale = Math.Pow(10, random.NextUniform(-6, 6));
            var values = Enumerable.Range(0, 1 + random.Next(200)).Select(_ => (float)((random.Next(40) - 20) * scale)).ToArray();
            double p = trial % 10 == 0 ? 100 : 100 * random.NextDouble(), q = trial % 10 == 1 ? 0 : 100 * random.NextDouble();
            var found = Percentiles.Of(values, p, q);
            Assert.Equal(Sorted(values, p), found.First, 6 * scale * 1e-6);
            Assert.Equal(Sorted(values, q), found.Second, 6 * scale * 1e-6);
        }

        static double Sorted(float[] values, double percentile)
        {
            var sorted = values.Order().ToArray();
            var place = percentile / 100 * (sorted.Length - 1);
            var (low, high) = (sorted[(int)place], sorted[(int)Math.Ceiling(place)]);
            return low + ((high - (double)low) * (place - (int)place));
        }
    }

    [Fact]
    public void Deterministic_transforms_are_used_in_testing_too()
    {
        var config = new SegConfig
        {
            Transformation =
            [
                Config("HistogramClipping"), Config("Clahe"), Config("DilateGT", ("dilation_factor", 1.0)), Config("NumpyToTensor"),
                Config("RandomGamma", ("log_gamma_range", new[] { 0, 0.1 })), Config("AdditiveGaussianNoise"),
            ],
        };
        Assert.Equal(
            ["HistogramClipping", "Clahe", "DilateGT", "NumpyToTensor"],
            TransformPipeline.Create(config, DatasetParts.Testing).AtAccess.Select(t => t.Name));
    }

    [Fact]
    public void NumpyToTensor_changes_nothing()
    {
        var drawn = Create("NumpyToTensor").Draw(Sample(Volume), null);
        Assert.True(drawn.IsIdle);
        Assert.Equal(Ramp(Volume.Count), drawn.Apply(Ramp(Volume.Count)));
    }

    [Fact]
    public void Parameters_are_described_in_a_few_words()
    {
        Assert.Equal("shift 3 -2.5 voxels", new DrawnParameter("shift", [3, -2.5], "voxels").ToString());
        Assert.Equal("gamma 1.23", DrawnParameter.Of("gamma", 1.2345).ToString());
        Assert.Equal("alpha 12346", DrawnParameter.Of("alpha", 12345.678).ToString());
        var drawn = Make("RandomGamma", p: 1).Draw(Sample(Volume, channels: 2), new RandomStream(1));
        var gamma = Assert.Single(drawn.Describe());
        Assert.Equal(("gamma", 2), (gamma.Name, gamma.Values.Count));
    }

    [Theory]
    [InlineData("RandomGamma", "log_gamma_range", new double[] { 1, 0 })]
    [InlineData("RandomGamma", "p", 1.5)]
    [InlineData("RandomBlur", "sigma_range", new double[] { -1, 0 })]
    [InlineData("RandomBiasField", "coefficients", -1.0)]
    [InlineData("RandomBiasField", "order", 11)]
    [InlineData("HistogramClipping", "min_percentile", 96.0)]
    [InlineData("HistogramClipping", "max_percentile", 101.0)]
    [InlineData("Clahe", "kernel_size", new[] { 4 })]
    [InlineData("Clahe", "kernel_size", new[] { 4.5, 4 })]
    [InlineData("DilateGT", "dilation_factor", -1.0)]
    [InlineData("AdditiveGaussianNoise", "std", -0.1)]
    public void Wrong_parameters_are_named(string transform, string parameter, object value)
    {
        (string, object?)[] given = [.. Needed(transform).Where(p => p.Item1 != parameter), (parameter, value)];
        Assert.Equal($"transformation.{transform}.{parameter}", Assert.Throws<SegException>(() => Create(transform, given)).TargetItem);
    }

    private static SegTransform Make(string name, double p) => Create(
        name, [.. Needed(name), .. name switch { "AdditiveGaussianNoise" => Array.Empty<(string, object?)>(), "RandomShiftIntensity" => [("prob", p)], _ => [("p", p)] }]);

    private static (string, object?)[] Needed(string name) => name switch
    {
        "RandomGamma" => [("log_gamma_range", new[] { 0.1, 0.3 })],
        "RandomBiasField" => [("coefficients", 0.5), ("order", 3L)],
        "RandomBlur" => [("sigma_range", new[] { 0.5, 1.5 })],
        "RandomShiftIntensity" => [("shift_range", new[] { 0.1, 0.2 })],
        _ => [],
    };

    private static float[] Noise(int count)
    {
        var random = new RandomStream(9);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.3))];
    }

    private static float[] SimpleBlur(float[] source, double sigma)
    {
        var values = source.Select(x => (double)x).ToArray();
        int[] sizes = [Volume.H, Volume.W, Volume.D], steps = [Volume.W * Volume.D, Volume.D, 1];
        var radius = (int)((4 * sigma) + 0.5);
        for (var axis = 0; axis < 3 && radius > 0; axis++)
        {
            var (n, step, before) = (sizes[axis], steps[axis], values);
            values = [.. Enumerable.Range(0, values.Length).Select(i =>
            {
                var (at, sum, total) = (i / step % n, 0.0, 0.0);
                for (var k = -radius; k <= radius; k++)
                {
                    var j = at + k;
                    while (j < 0 || j >= n)
                        j = j < 0 ? -1 - j : (2 * n) - 1 - j;
                    var weight = Math.Exp(-k * k / (2 * sigma * sigma));
                    (sum, total) = (sum + (weight * before[i + ((j - at) * step)]), total + weight);
                }

                return sum / total;
            })];
        }

        return [.. values.Select(x => (float)x)];
    }
}
