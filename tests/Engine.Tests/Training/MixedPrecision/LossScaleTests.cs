using MedSeg.Engine.Networks;
using MedSeg.Engine.Training.MixedPrecision;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Training.MixedPrecision;

[Collection(TorchGlobalState.Name)]
public class LossScaleTests
{
    [Fact]
    public void The_scale_doubles_after_two_thousand_good_batches_in_a_row()
    {
        LossScale scale = LossScale.First;
        for (int i = 0; i < 1999; i++) scale = scale.Next(finite: true);
        Assert.Equal(new LossScale(65536, 1999), scale);
        Assert.Equal(new LossScale(131072, 0), scale.Next(finite: true));
        Assert.Equal(new LossScale(32768, 0), scale.Next(finite: false));
    }

    [Fact]
    public void The_scale_stays_between_1_and_16777216()
    {
        LossScale low = LossScale.First, high = LossScale.First;
        for (int i = 0; i < 100; i++) low = low.Next(finite: false);
        for (int i = 0; i < 50000; i++) high = high.Next(finite: true);
        Assert.Equal((1, 16777216), (low.Factor, high.Factor));
    }

    [Fact]
    public void Gradients_get_their_true_size()
    {
        using var scope = NewDisposeScope();
        using SegNetwork network = Small();
        var scaler = new LossScaler(network) { State = new LossScale(1024, 3) };
        Tensor Loss() => network.forward(ones(1, 1, 8, 8)).sum();
        network.eval();
        Loss().backward();
        Tensor[] expected = [.. network.parameters().Select(p => p.grad!.clone())];
        network.zero_grad();
        scaler.Scaled(Loss()).backward();
        Assert.True(scaler.Unscale());
        Assert.Equal(new LossScale(1024, 4), scaler.State);
        foreach (var (gradient, parameter) in expected.Zip(network.parameters())) Assert.True(parameter.grad!.allclose(gradient, 1e-5, 1e-7));
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void A_gradient_that_is_not_finite_lowers_the_scale(float value)
    {
        using var scope = NewDisposeScope();
        using SegNetwork network = Small();
        var scaler = new LossScaler(network);
        network.forward(ones(1, 1, 8, 8)).sum().backward();
        using Scalar bad = value;
        using (no_grad()) network.parameters().Last().grad!.fill_(bad);
        Assert.False(scaler.Unscale());
        Assert.Equal(new LossScale(32768, 0), scaler.State);
    }

    private static Unet Small() => new(new UnetOptions(1, 1, 1, 2, DropoutRate: 0), 3);
}
