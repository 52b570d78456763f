using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Onnx;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

public class HemisUnetTests
{
    private static readonly string[] Three = ["T1w", "T2w", "T2star"];

    /// <summary>spec/models.md §5.</summary>
    [Theory]
    [InlineData(3, 8528449)]
    [InlineData(2, 2034241)]
    public void Parameter_counts_equal_the_reference(int depth, long expected)
    {
        using var network = new HemisUnet(["T1w", "T2w"], new UnetOptions(2, 1, depth));
        Assert.Equal(expected, network.parameters().Sum(p => p.numel()));
    }

    [Theory]
    [InlineData(FinalActivation.Sigmoid, 1)]
    [InlineData(FinalActivation.Softmax, 2)]
    public void Exported_networks_answer_the_same_for_any_size(FinalActivation activation, int classes)
    {
        using var network = new HemisUnet(Three, new UnetOptions(3, classes, 2, 4, Activation: activation));
        OnnxParity.Check(network, [3, 3, 16, 16], [1, 3, 13, 10], [2, 3, 9, 24]).Dispose();
    }

    [Fact]
    public void Volumes_have_the_same_fusion_and_export()
    {
        using var network = new HemisUnet(["T1w", "T2w"], new UnetOptions(2, 1, 1, 4, Dimensions: 3));
        OnnxParity.Check(network, [2, 2, 8, 8, 8], [1, 2, 6, 9, 4]).Dispose();
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        network.eval();
        var x = GoldenWeights.ToTensor(GoldenWeights.Wave(2 * 512), 1, 2, 8, 8, 8);
        var other = x.clone();
        other.narrow(1, 1, 1).fill_(100);
        var first = GoldenWeights.ToTensor([1, 0], 1, 2);
        Assert.Equal(Run(network, x, first), Run(network, other, first));
        Assert.NotEqual(Run(network, x, ones([1, 2])), Run(network, other, ones([1, 2])));
        Assert.All(Run(network, x, first), value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void Fusion_is_mean_and_unbiased_variance_of_what_is_there()
    {
        using var scope = NewDisposeScope();
        var features = new float[][] { [1, 10], [4, 20], [7, 60] };
        var available = GoldenWeights.ToTensor([1, 1, 1, 0, 1, 0], 2, 3);
        var ops = new TorchOps(new NetworkInputs(zeros([2, 3, 1, 1]), Available: available), training: false);
        var fused = ContrastFusion.Describe(ops, [.. features.Select(f => GoldenWeights.ToTensor(f, 2, 1, 1, 1))], available);
        Assert.Equal([4, 9, 20, 0], GoldenWeights.ToArray(fused));
    }

    /// <summary>The reference takes availability for indices (known defect D-32): [1,0] there means both contrasts.</summary>
    [Fact]
    public void What_is_not_available_has_no_influence()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = new HemisUnet(Three, new UnetOptions(3, 1, 1, 4), seed: 1);
        network.eval();
        var x = GoldenWeights.ToTensor(GoldenWeights.Wave(3 * 64), 1, 3, 8, 8);
        var other = x.clone();
        other.narrow(1, 1, 1).fill_(100);
        var two = GoldenWeights.ToTensor([1, 0, 1], 1, 3);
        Assert.Equal(Run(network, x, two), Run(network, other, two));
        Assert.NotEqual(Run(network, x, ones([1, 3])), Run(network, other, ones([1, 3])));
        Assert.All(Run(network, x, GoldenWeights.ToTensor([0, 1, 0], 1, 3)), value => Assert.InRange(value, 0, 1));
        Assert.All(Run(network, x, zeros([1, 3])), value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void Nothing_outlives_the_pass_and_gradients_reach_every_weight()
    {
        using var network = new HemisUnet(Three, new UnetOptions(3, 2, 2, 2), seed: 1);
        network.train();
        using var x = GoldenWeights.ToTensor(GoldenWeights.Wave(2 * 3 * 90), 2, 3, 10, 9);
        using var available = GoldenWeights.ToTensor([1, 1, 0, 0, 0, 1], 2, 3);
        var before = GoldenWeights.ToArray(x);
        using var scope = NewDisposeScope();
        var y = network.forward(new NetworkInputs(x, Available: available));
        Assert.Equal(1, scope.DisposablesCount);
        Assert.Equal(before, GoldenWeights.ToArray(x));
        y.square().sum().backward();
        Assert.All(network.parameters(), p => Assert.True(p.grad is not null && p.grad.isfinite().all().item<bool>()));
    }

    [Theory]
    [InlineData("T1w,T1w")]
    [InlineData("T1w")]
    [InlineData("T1w,a.b")]
    public void Contrasts_must_name_the_channels(string names) => Assert.Equal(
        "HemisContrasts", Assert.Throws<SegException>(() => new HemisUnet(names.Split(','), new UnetOptions(2, 1, 1, 2))).ErrorId);

    [Fact]
    public void Availability_is_needed()
    {
        using var network = new HemisUnet(Three, new UnetOptions(3, 1, 1, 2));
        using var x = zeros([1, 3, 8, 8]);
        Assert.Equal("NetworkInputMissing", Assert.Throws<SegException>(() => network.call(x)).ErrorId);
    }

    private static float[] Run(HemisUnet network, Tensor x, Tensor available) =>
        GoldenWeights.ToArray(network.forward(new NetworkInputs(x, Available: available)));
}
