using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Onnx;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

public class CountceptionTests
{
    /// <summary>spec/models.md §6.</summary>
    [Fact]
    public void Parameter_count_equals_the_reference()
    {
        using var network = new Countception(1, 1);
        Assert.Equal(6560043, network.parameters().Sum(p => p.numel()));
    }

    /// <summary>The reference has one map more than targets, which no loss can take (known defect D-68).</summary>
    [Fact]
    public void Each_target_has_one_map_of_the_size_of_the_input_also_when_exported()
    {
        using var network = new Countception(2, 3);
        using var session = OnnxParity.Check(network, [2, 2, 5, 9], [1, 2, 1, 1]);
        Assert.Equal(3, session.OutputChannels);
    }

    [Fact]
    public void Nothing_outlives_the_pass_and_gradients_reach_every_weight()
    {
        using var network = new Countception(1, 2);
        network.train();
        using var x = GoldenWeights.ToTensor(GoldenWeights.Wave(6 * 4), 1, 1, 6, 4);
        using var scope = NewDisposeScope();
        var y = network.call(x);
        Assert.Equal(1, scope.DisposablesCount);
        Assert.Equal([1, 2, 6, 4], y.shape);
        y.square().sum().backward();
        Assert.All(network.parameters(), p => Assert.True(p.grad is not null && p.grad.isfinite().all().item<bool>()));
    }
}
