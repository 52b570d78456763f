using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Onnx;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

public class ClassifierTests
{
    /// <summary>Of 18 layers and DenseNet: spec/models.md §4. Of 34 and 50: the published counts with one input channel and two answers.</summary>
    [Theory]
    [InlineData("resnet18", 11171266)]
    [InlineData("resnet34", 21279426)]
    [InlineData("resnet50", 23505858)]
    [InlineData("densenet121", 6949634)]
    public void Parameter_counts_are_those_of_the_papers(string name, long expected)
    {
        using var network = Create(name);
        Assert.Equal(expected, network.parameters().Sum(p => p.numel()));
        Assert.Equal(NetworkTask.Classification, network.Task);
    }

    [Theory]
    [InlineData("resnet18", 1, 40, 33)]
    [InlineData("densenet121", 2, 29, 61)]
    public void Exported_classifiers_answer_the_same_for_any_size(string name, int classes, int h, int w)
    {
        using var network = Create(name, classes);
        using var session = OnnxParity.Check(network, [3, 1, 64, 64], [2, 1, h, w]);
        Assert.Equal(NetworkTask.Classification, session.Task);
    }

    /// <summary>
    /// With first weights and running statistics that have settled: otherwise a network of this depth saturates, and its answers
    /// do not depend on the image.
    /// </summary>
    [Fact]
    public void Bottlenecks_are_exported_too()
    {
        using var network = new ResNet(50, 1, 2, seed: 1);
        using (no_grad())
        {
            using var scope = NewDisposeScope();
            var noise = GoldenWeights.ToTensor(OnnxParityTests.Noise(4 * 48 * 48, seed: 1), 4, 1, 48, 48);
            network.train();
            for (var i = 0; i < 25; i++)
                network.call(noise).Dispose();
        }

        OnnxParity.CheckAsItIs(network, [3, 1, 64, 64], [2, 1, 50, 40]).Dispose();
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("densenet121")]
    public void Nothing_outlives_the_pass_and_gradients_reach_every_weight(string name)
    {
        using var network = Create(name, 2);
        network.train();
        using var x = GoldenWeights.ToTensor(GoldenWeights.Wave(2 * 40 * 48), 2, 1, 40, 48);
        using var scope = NewDisposeScope();
        var y = network.call(x);
        Assert.Equal(1, scope.DisposablesCount);
        Assert.Equal([2, 2], y.shape);
        y.square().sum().backward();
        Assert.All(network.parameters(), p => Assert.True(p.grad is not null && p.grad.isfinite().all().item<bool>()));
    }

    [Fact]
    public void Other_depths_are_refused() => Assert.Throws<ArgumentException>(() => new ResNet(19));

    [Fact]
    public void First_weights_keep_the_variance_of_gradients()
    {
        using var network = new ResNet(18, seed: 3);
        using var guard = no_grad();
        using var weight = network.named_parameters().First(p => p.name == "layer3.0.conv1.weight").parameter.std();
        Assert.Equal(Math.Sqrt(2.0 / (256 * 9)), weight.item<float>(), 3e-4);
    }

    internal static SegNetwork Create(string name, int classes = 1) => name switch
    {
        "densenet121" => new DenseNet(1, classes),
        _ => new ResNet(int.Parse(name[6..], System.Globalization.CultureInfo.InvariantCulture), 1, classes),
    };
}
