using MedSeg.Engine.Networks;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

public class Unet3DTests
{
    /// <summary>Depth 2, 4 filters, one volume of 16×12×8: some of the outputs of the reference, and their sum.</summary>
    [Fact]
    public void Written_down_outputs_of_the_reference_are_met()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = Small();
        GoldenWeights.Fill(network);
        network.eval();
        var y = GoldenWeights.ToArray(network.call(GoldenWeights.ToTensor(GoldenWeights.Wave(1536), 1, 1, 16, 12, 8)));
        foreach (var (at, value) in Expected)
            Assert.Equal(value, y[at], 1e-5f);
        Assert.Equal(ExpectedSum, y.Sum(v => (double)v), 1e-2);
    }

    [Fact]
    public void Volumes_are_normalised_alone_in_training_too()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = Small();
        network.train();
        var x = GoldenWeights.ToTensor(GoldenWeights.Wave(2 * 512), 2, 1, 8, 8, 8) * GoldenWeights.ToTensor([1, 30], 2, 1, 1, 1, 1);
        var together = network.call(x);
        var alone = network.call(x.narrow(0, 1, 1));
        Assert.InRange(GoldenWeights.LargestDifference(GoldenWeights.ToArray(alone), GoldenWeights.ToArray(together.narrow(0, 1, 1))), 0, 1e-5f);
    }

    [Theory]
    [InlineData(FinalActivation.Sigmoid, 1)]
    [InlineData(FinalActivation.Softmax, 2)]
    [InlineData(FinalActivation.Relu, 3)]
    public void Odd_sizes_work_nothing_else_outlives_the_pass_and_gradients_reach_every_weight(FinalActivation activation, int classes)
    {
        using var network = new Unet(new UnetOptions(2, classes, 2, 2, Activation: activation, Dimensions: 3), seed: 1);
        network.train();
        using var x = GoldenWeights.ToTensor(GoldenWeights.Wave(2 * 2 * 9 * 7 * 5), 2, 2, 9, 7, 5);
        var before = GoldenWeights.ToArray(x);
        using var scope = NewDisposeScope();
        var y = network.call(x);
        Assert.Equal(1, scope.DisposablesCount);
        Assert.Equal([2, classes, 9, 7, 5], y.shape);
        Assert.Equal(before, GoldenWeights.ToArray(x));
        y.square().sum().backward();
        Assert.All(network.parameters(), p => Assert.True(p.grad is not null && p.grad.isfinite().all().item<bool>()));
    }

    [Fact]
    public void Dropout_takes_whole_channels_in_training_only()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = new Unet(new UnetOptions(1, 1, 1, 8, DropoutRate: 0.5, Dimensions: 3), seed: 2);
        var x = GoldenWeights.ToTensor(GoldenWeights.Wave(64), 1, 1, 4, 4, 4);
        network.eval();
        Assert.Equal(GoldenWeights.ToArray(network.call(x)), GoldenWeights.ToArray(network.call(x)));
        network.train();
        Assert.NotEqual(GoldenWeights.ToArray(network.call(x)), GoldenWeights.ToArray(network.call(x)));
    }

    [Theory]
    [InlineData(1, 8, 8, 3)]
    [InlineData(2, 8, 8, 8)]
    [InlineData(1, 4, 4, 4)]
    public void Wrong_input_is_named(int c, int h, int w, int d)
    {
        using var network = Small();
        using var x = zeros([1, c, h, w, d]);
        var error = Assert.Throws<SegException>(() => network.call(x));
        Assert.Equal("NetworkInputShape", error.ErrorId);
        Assert.Contains($"(1,{c},{h},{w},{d})", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slice_is_no_volume()
    {
        using var network = Small();
        using var x = zeros([1, 1, 8, 8]);
        Assert.Equal("NetworkInputShape", Assert.Throws<SegException>(() => network.call(x)).ErrorId);
    }

    private static Unet Small() => new(new UnetOptions(1, 1, 2, 4, DropoutRate: 0, Dimensions: 3), seed: 1);

    private static readonly (int At, float Value)[] Expected =
    [
        (11, 0.45111132f), (46, 0.49941465f), (81, 0.78990287f), (116, 0.87034458f), (151, 0.60495758f), (186, 0.36051202f), (221, 0.43663901f), (256, 0.61356986f),
    ];

    private const double ExpectedSum = 779.5903;
}
