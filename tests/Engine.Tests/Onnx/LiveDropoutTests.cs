using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Tests.Networks;
using Xunit;

namespace MedSeg.Engine.Tests.Onnx;

/// <summary>Files with a switch for dropout, for Monte-Carlo sampling.</summary>
public class LiveDropoutTests
{
    public static TheoryData<string> Networks => ["unet", "unet3d", "film", "hemis", "modified", "densenet"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Switched_off_a_file_computes_what_the_plain_one_does_and_switched_on_every_run_is_another(string name)
    {
        using var network = Create(name);
        GoldenWeights.Fill(network);
        network.eval();
        long[] shape = name switch { "unet3d" => [2, 1, 8, 12, 8], "modified" => [1, 1, 32, 16, 16], "densenet" => [2, 1, 32, 40], "hemis" => [2, 2, 16, 12], _ => [2, 1, 16, 12] };
        using OnnxSession plain = new(OnnxParityTests.Export(network)), live = new(Export(network));
        Assert.Equal((false, true), (plain.HasDropout, live.HasDropout));
        Assert.Equal(plain.Inputs, live.Inputs);
        var expected = Run(plain, shape);
        Assert.InRange(GoldenWeights.LargestDifference(expected, Run(live, shape)), 0, 1e-6f);
        live.Dropout = true;
        var (first, second) = (Run(live, shape), Run(live, shape));
        Assert.True(GoldenWeights.LargestDifference(expected, first) > 1e-4f, "dropping changes the answer");
        Assert.True(GoldenWeights.LargestDifference(first, second) > 1e-4f, "each run draws anew");
        live.Dropout = false;
        Assert.InRange(GoldenWeights.LargestDifference(expected, Run(live, shape)), 0, 1e-6f);
    }

    /// <summary>
    /// Of 2,000 runs of 2 samples with 16 channels each, every channel of every sample is dropped as often as the rate says, within five
    /// standard deviations, and always as a whole; the others are scaled so that the mean stays. The probe has two layers, whose draws must
    /// not depend on each other.
    /// </summary>
    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public void Channels_are_dropped_at_their_rate_and_the_mean_is_kept(int dimensions, bool ofValues)
    {
        const int runs = 2000, maps = 32, pixels = 4;
        const double rate = 0.3;
        using var network = new Probe(dimensions, rate, ofValues);
        using var session = new OnnxSession(Export(network)) { Dropout = true };
        long[] shape = [2, 16, 2, 2, .. dimensions == 3 ? [1L] : Array.Empty<long>()];
        var ones = Enumerable.Repeat(1f, maps * pixels).ToArray();
        var output = new float[2 * ones.Length];
        int units = ofValues ? maps * pixels : maps, size = ofValues ? 1 : pixels;
        int[] first = new int[units], second = new int[units], both = new int[units];
        var sum = 0.0;
        for (var run = 0; run < runs; run++)
        {
            session.Run(ones, shape, Array.Empty<float[]>(), output);
            for (var u = 0; u < units; u++)
            {
                // (N,2·C,…): the first layer's channels of a sample, then the second's.
                var at = ofValues ? (u / 64 * 128) + (u % 64) : ((u / 16 * 32) + (u % 16)) * pixels;
                bool one = IsDropped(output.AsSpan(at, size)), two = IsDropped(output.AsSpan(at + 64, size));
                first[u] += one ? 1 : 0;
                second[u] += two ? 1 : 0;
                both[u] += one && two ? 1 : 0;
            }

            sum += output.Average();
        }

        double deviations = 5 * Math.Sqrt(runs * rate * (1 - rate)), together = runs * rate * rate;
        Assert.All(first.Concat(second), count => Assert.InRange(count, (runs * rate) - deviations, (runs * rate) + deviations));
        Assert.All(both, count => Assert.InRange(count, together - (5 * Math.Sqrt(together)), together + (5 * Math.Sqrt(together))));
        Assert.InRange(sum / runs, 0.98, 1.02);

        static bool IsDropped(ReadOnlySpan<float> map)
        {
            Assert.True(map[0] == 0 || Math.Abs(map[0] - (1 / (1 - rate))) < 1e-6, "nothing or 1/(1 − p)");
            Assert.False(map.ContainsAnyExcept(map[0]), "a map is dropped as a whole");
            return map[0] == 0;
        }
    }

    [Fact]
    public void A_loaded_file_draws_what_its_seed_says()
    {
        using var network = new Probe(2, 0.5, ofValues: false);
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));

        float[] Draw(long seed)
        {
            using var session = new OnnxSession(Export(network, seed)) { Dropout = true };
            return Run(session, [2, 16, 2, 2]);
        }
    }

    [Fact]
    public void A_network_that_drops_nothing_has_no_switch()
    {
        using var network = new Unet(new UnetOptions(1, 1, 1, 2, DropoutRate: 0));
        Assert.Equal("NoDropout", Assert.Throws<SegException>(() => Export(network)).ErrorId);
        using var classifier = new ResNet(18);
        Assert.Equal("NoDropout", Assert.Throws<SegException>(() => Export(classifier)).ErrorId);
    }

    private static byte[] Export(SegNetwork network, long seed = 7) => OnnxExporter.Export(
        network, new OnnxModelInfo("net", [.. Enumerable.Range(0, network.Classes).Select(i => $"class {i}")], new Dictionary<string, string>()),
        new OnnxExportOptions(LiveDropout: true, seed));

    private static float[] Run(OnnxSession session, long[] shape)
    {
        var image = OnnxParityTests.Noise((int)shape.Aggregate((product, side) => product * side), 3);
        var output = new float[session.Task == NetworkTask.Classification ? shape[0] * session.OutputChannels : image.Length / shape[1] * session.OutputChannels];
        session.Run(image, shape, [.. session.Inputs.Select(i => Enumerable.Repeat(1f, (int)shape[0] * i.Width).ToArray())], output);
        return output;
    }

    private static SegNetwork Create(string name) => name switch
    {
        "unet" => new Unet(new UnetOptions(1, 1, 2, 4), seed: 1),
        "unet3d" => new Unet(new UnetOptions(1, 2, 2, 4, Dimensions: 3), seed: 1),
        "film" => new Unet(new UnetOptions(1, 1, 2, 4, Film: new FilmOptions(3, FilmTests.Flags(6))), seed: 1),
        "hemis" => new HemisUnet(["T1w", "T2w"], new UnetOptions(2, 1, 2, 4), seed: 1),
        "modified" => new Modified3DUnet(new Modified3DUnetOptions(1, 1, 2)),
        _ => new DenseNet(1, 1),
    };

    /// <summary>Two layers of dropout side by side and nothing else.</summary>
    private sealed class Probe : SegNetwork
    {
        private readonly int _dimensions;
        private readonly double _rate;
        private readonly bool _ofValues;

        public Probe(int dimensions, double rate, bool ofValues)
            : base(nameof(Probe), 16, 32) => (_dimensions, _rate, _ofValues) = (dimensions, rate, ofValues);

        public override int Dimensions => _dimensions;

        public override int MinimumSize => 1;

        public override T Describe<T>(INetworkOps<T> ops, NetworkInputs<T> inputs) => ops.Concat(Drop(ops, inputs.Image), Drop(ops, inputs.Image));

        private T Drop<T>(INetworkOps<T> ops, T x) => _ofValues ? ops.DropoutOfValues(x, _rate) : ops.Dropout(x, _rate);
    }
}
