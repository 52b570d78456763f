using MedSeg.Engine.Networks;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

public class Modified3DUnetTests
{
    /// <summary>Counts of the reference.</summary>
    [Theory]
    [InlineData(8, 1, false, 1781192)]
    [InlineData(8, 2, false, 1781416)]
    [InlineData(8, 1, true, 1845691)]
    [InlineData(16, 1, false, 7124112)]
    [InlineData(16, 1, true, 7380595)]
    public void Parameter_counts_equal_the_reference(int filters, int classes, bool attention, long expected)
    {
        using var network = new Modified3DUnet(new Modified3DUnetOptions(1, classes, filters, attention));
        Assert.Equal(expected, network.parameters().Sum(p => p.numel()));
    }

    /// <summary>Four filters, one volume of 32×32×16 or (attention) 32×32×32: some of the outputs of the reference, and their sum.</summary>
    [Fact]
    public void Written_down_outputs_of_the_reference_are_met()
    {
        Check(new Modified3DUnetOptions(1, 1, 4), 16, null, Expected, ExpectedSum);
        Check(new Modified3DUnetOptions(1, 1, 4, Attention: true), 32, null, ExpectedWithAttention, ExpectedSumWithAttention);
        var film = new FilmOptions(2, [.. Enumerable.Repeat(true, 10)]);
        Check(new Modified3DUnetOptions(1, 1, 4, Film: film), 16, [0, 1], ExpectedWithFilm, ExpectedSumWithFilm);

        static void Check(Modified3DUnetOptions options, int depth, float[]? metadata, (int At, float Value)[] expected, double sum)
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            using var network = new Modified3DUnet(options);
            GoldenWeights.Fill(network);
            network.eval();
            var x = GoldenWeights.ToTensor(GoldenWeights.Wave(1024 * depth), 1, 1, 32, 32, depth);
            var y = GoldenWeights.ToArray(network.forward(new NetworkInputs(x, metadata is null ? null : GoldenWeights.ToTensor(metadata, 1, 2))));
            foreach (var (at, value) in expected)
                Assert.Equal(value, y[at], 1e-4f);
            Assert.Equal(sum, y.Sum(v => (double)v), 0.1);
        }
    }

    [Theory]
    [InlineData(1, FinalActivation.Sigmoid, false)]
    [InlineData(2, FinalActivation.Softmax, true)]
    [InlineData(3, FinalActivation.Relu, true)]
    public void Nothing_else_outlives_the_pass_and_gradients_reach_every_weight(int classes, FinalActivation activation, bool attention)
    {
        using var network = new Modified3DUnet(new Modified3DUnetOptions(2, classes, 2, attention, Activation: activation), seed: 1);
        network.train();
        using var x = GoldenWeights.ToTensor(GoldenWeights.Wave(2 * 2 * 32 * 16 * 16), 2, 2, 32, 16, 16);
        using var scope = NewDisposeScope();
        var y = network.call(x);
        Assert.Equal(1, scope.DisposablesCount);
        Assert.Equal([2, classes, 32, 16, 16], y.shape);
        y.square().sum().backward();
        Assert.All(network.parameters(), p => Assert.True(p.grad is not null && p.grad.isfinite().all().item<bool>()));
    }

    /// <summary>The reference divides by the maximum of the batch (known defect D-65).</summary>
    [Fact]
    public void Normalised_relu_uses_the_maximum_of_each_sample_and_keeps_it()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = new Modified3DUnet(new Modified3DUnetOptions(1, 1, 2, DropoutRate: 0, Activation: FinalActivation.Relu));
        GoldenWeights.Fill(network);
        network.eval();
        var x = GoldenWeights.ToTensor(OtherNoise(2 * 8192), 2, 1, 32, 16, 16);
        var together = network.call(x);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(1, together.narrow(0, i, 1).max().item<float>(), 1e-6f);
            var alone = network.call(x.narrow(0, i, 1));
            Assert.InRange(GoldenWeights.LargestDifference(GoldenWeights.ToArray(alone), GoldenWeights.ToArray(together.narrow(0, i, 1))), 0, 1e-4f);
        }
    }

    [Fact]
    public void Softmax_with_one_class_is_refused() => Assert.Equal(
        "SoftmaxNeedsClasses",
        Assert.Throws<SegException>(() => new Modified3DUnet(new Modified3DUnetOptions(1, 1, 2, Activation: FinalActivation.Softmax))).ErrorId);

    [Theory]
    [InlineData(32, 32, 24)]
    [InlineData(16, 16, 16)]
    [InlineData(32, 8, 32)]
    public void Sizes_that_do_not_work_are_named(int h, int w, int d)
    {
        using var network = new Modified3DUnet(new Modified3DUnetOptions(1, 1, 2));
        using var x = zeros([1, 1, h, w, d]);
        var error = Assert.Throws<SegException>(() => network.call(x));
        Assert.Equal("NetworkInputShape", error.ErrorId);
        Assert.Contains($"(1,1,{h},{w},{d})", error.Message, StringComparison.Ordinal);
        Assert.Contains("multiple of 16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_depend_on_the_seed_alone_and_gates_have_their_own_distribution()
    {
        using var a = new Modified3DUnet(new Modified3DUnetOptions(1, 1, 4, Attention: true), seed: 5);
        using var b = new Modified3DUnet(new Modified3DUnetOptions(1, 1, 4, Attention: true), seed: 5);
        Assert.All(a.named_parameters().Zip(b.named_parameters()), pair =>
            Assert.Equal(GoldenWeights.ToArray(pair.First.parameter), GoldenWeights.ToArray(pair.Second.parameter)));
        var theta = GoldenWeights.ToArray(a.get_parameter("attentionblock4.theta.weight")!);
        Assert.Equal(Math.Sqrt(2.0 / 256), Math.Sqrt(theta.Average(v => (double)v * v)), 0.05 * Math.Sqrt(2.0 / 256));
        var norm = GoldenWeights.ToArray(a.get_parameter("attentionblock4.W.1.weight")!);
        Assert.All(norm, v => Assert.InRange(v, 0.9f, 1.1f));
        Assert.True(norm.Distinct().Count() > 1);
    }

    private static float[] OtherNoise(int count) => MedSeg.Engine.Tests.Onnx.OnnxParityTests.Noise(count, 3);

    private static readonly (int At, float Value)[] Expected =
    [
        (11, 0.11917999f), (2199, 0.81965607f), (4654, 0.66364866f), (6842, 0.82751507f), (9297, 0.14494748f), (13940, 0.23446526f),
    ];

    private const double ExpectedSum = 7343.4672;

    private static readonly (int At, float Value)[] ExpectedWithAttention =
    [
        (11, 0.60136122f), (4654, 0.92523175f), (9297, 0.99290931f), (13940, 0.97401649f), (18583, 0.91617519f), (23226, 0.24478318f),
    ];

    private const double ExpectedSumWithAttention = 28050.3633;

    private static readonly (int At, float Value)[] ExpectedWithFilm =
    [
        (11, 0.68544042f), (2199, 0.16647467f), (4654, 0.67287654f), (6842, 0.35997072f), (9297, 0.19178459f), (13940, 0.31449202f),
    ];

    private const double ExpectedSumWithFilm = 6163.2088;
}
