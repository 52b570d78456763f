using MedSeg.Engine.Networks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

public class UnetTests
{
    /// <summary>Counts of spec/models.md §1.6, computed by the reference.</summary>
    [Theory]
    [InlineData(1, 1, 1, 223489)]
    [InlineData(2, 1, 1, 1147009)]
    [InlineData(3, 1, 1, 4837249)]
    [InlineData(4, 1, 1, 19590529)]
    [InlineData(4, 1, 2, 19591683)]
    [InlineData(3, 3, 1, 4838401)]
    public void Parameter_counts_equal_the_reference(int depth, int channels, int classes, long expected)
    {
        using var network = new Unet(new UnetOptions(channels, classes, depth));
        Assert.Equal(expected, network.parameters().Sum(p => p.numel()));
    }

    [Fact]
    public void Parameter_count_in_three_dimensions_equals_the_reference()
    {
        using var network = new Unet(new UnetOptions(1, 1, Dimensions: 3));
        Assert.Equal(14493313, network.parameters().Sum(p => p.numel()));
    }

    [Fact]
    public void State_has_the_names_of_the_reference()
    {
        using var network = new Unet(new UnetOptions(1, 1, 2, 4));
        var names = Safetensors.StateOf(network).Select(s => s.Name).ToHashSet();
        Assert.Equal(72, names.Count);
        Assert.Contains("encoder.down_path.3.conv2_bn.running_var", names);
        Assert.Contains("encoder.conv_bottom.conv1.weight", names);
        Assert.Contains("decoder.up_path.2.downconv.conv1_bn.num_batches_tracked", names);
        Assert.Contains("decoder.last_conv.bias", names);
    }

    /// <summary>
    /// Depth 1, two filters, with the documented weights; the figures were computed with an independent implementation of the
    /// layers (plain loops over arrays in double precision, see <see cref="PlainUnet"/>).
    /// </summary>
    [Theory]
    [InlineData(1, 1, FinalActivation.Sigmoid, 6, 5)]
    [InlineData(2, 2, FinalActivation.Sigmoid, 5, 4)]
    [InlineData(1, 3, FinalActivation.Softmax, 7, 7)]
    [InlineData(1, 1, FinalActivation.Relu, 4, 6)]
    [InlineData(1, 2, FinalActivation.Relu, 5, 5)]
    public void Forward_equals_plain_loops(int channels, int classes, FinalActivation activation, int height, int width)
    {
        using var network = new Unet(new UnetOptions(channels, classes, 2, 2, Activation: activation));
        GoldenWeights.Fill(network);
        network.eval();
        var input = GoldenWeights.Wave(2 * channels * height * width);
        using var x = GoldenWeights.ToTensor(input, 2, channels, height, width);
        using var guard = no_grad();
        using var y = network.call(x);
        Assert.Equal([2, classes, height, width], y.shape);
        var expected = PlainUnet.Forward(network, input, 2, channels, height, width, 2, activation, classes);
        Assert.InRange(GoldenWeights.LargestDifference(expected, GoldenWeights.ToArray(y)), 0, 2e-6f);
    }

    [Fact]
    public void Normalised_relu_of_a_sample_does_not_depend_on_its_batch()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = new Unet(new UnetOptions(1, 1, 1, 4, Activation: FinalActivation.Relu), seed: 3);
        network.eval();
        var x = GoldenWeights.ToTensor(GoldenWeights.Wave(3 * 64), 3, 1, 8, 8) * GoldenWeights.ToTensor([1, 5, 25], 3, 1, 1, 1);
        var together = network.call(x);
        for (var i = 0; i < 3; i++)
        {
            var alone = network.call(x.narrow(0, i, 1));
            Assert.InRange(GoldenWeights.LargestDifference(GoldenWeights.ToArray(alone), GoldenWeights.ToArray(together.narrow(0, i, 1))), 0, 1e-6f);
        }
    }

    [Fact]
    public void Normalised_relu_of_nothing_positive_is_zero()
    {
        using var scope = NewDisposeScope();
        using var network = new Unet(new UnetOptions(1, 2, 1, 2, Activation: FinalActivation.Relu), seed: 1);
        using (no_grad())
        {
            var state = Safetensors.StateOf(network).ToDictionary(s => s.Name, s => s.Value);
            state["decoder.last_conv.weight"].zero_();
            state["decoder.last_conv.bias"].fill_(-1);
        }

        var y = network.call(zeros([1, 1, 4, 4]));
        Assert.All(GoldenWeights.ToArray(y), value => Assert.Equal(0, value));
        y.sum().backward();
        Assert.All(network.parameters(), p => Assert.True(p.grad is null || p.grad.isfinite().all().item<bool>()));
    }

    [Fact]
    public void Softmax_with_one_class_is_refused()
    {
        var error = Assert.Throws<SegException>(() => new Unet(new UnetOptions(1, 1, Activation: FinalActivation.Softmax)));
        Assert.Equal("SoftmaxNeedsClasses", error.ErrorId);
    }

    [Theory]
    [InlineData(1, 2, 8, 8)]
    [InlineData(1, 1, 3, 8)]
    [InlineData(1, 1, 8, 3)]
    public void Wrong_input_is_named(int n, int c, int h, int w)
    {
        using var network = new Unet(new UnetOptions(1, 1, 2, 2));
        using var x = zeros([n, c, h, w]);
        var error = Assert.Throws<SegException>(() => network.call(x));
        Assert.Equal("NetworkInputShape", error.ErrorId);
        Assert.Contains($"({n},{c},{h},{w})", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Same_seed_gives_the_same_weights_within_the_usual_bound()
    {
        using var a = new Unet(new UnetOptions(1, 1, 1, 4), seed: 5);
        using var b = new Unet(new UnetOptions(1, 1, 1, 4), seed: 5);
        using var c = new Unet(new UnetOptions(1, 1, 1, 4), seed: 6);
        static float[] Weights(Unet u) => GoldenWeights.ToArray(u.named_parameters().First(p => p.name == "encoder.conv_bottom.conv1.weight").parameter);
        Assert.Equal(Weights(a), Weights(b));
        Assert.NotEqual(Weights(a), Weights(c));
        var bound = 1 / Math.Sqrt(4 * 9);
        Assert.All(Weights(a), w => Assert.InRange(w, -bound, bound));
        Assert.Contains(Weights(a), w => Math.Abs(w) > 0.8 * bound);
    }

    [Fact]
    public void The_caller_keeps_the_input_and_gradients_reach_every_parameter()
    {
        using var scope = NewDisposeScope();
        using var network = new Unet(new UnetOptions(1, 2, 2, 4), seed: 1);
        network.train();
        var x = GoldenWeights.ToTensor(GoldenWeights.Wave(2 * 13 * 11), 2, 1, 13, 11);
        var before = GoldenWeights.ToArray(x);
        network.call(x).sum().backward();
        Assert.Equal(before, GoldenWeights.ToArray(x));
        Assert.All(network.parameters(), p => Assert.True(p.grad is not null && p.grad.isfinite().all().item<bool>()));
    }

    /// <summary>In-place activations must not change what the backward pass sees: compare with finite differences.</summary>
    [Fact]
    public void Gradients_equal_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var network = new Unet(new UnetOptions(1, 1, 1, 2, DropoutRate: 0), seed: 2);
        network.to(float64);
        network.train();
        var x = GoldenWeights.ToTensor(GoldenWeights.Wave(36), 1, 1, 6, 6).to(float64);
        var weight = network.named_parameters().First(p => p.name == "encoder.down_path.0.conv1.weight").parameter;
        double Loss() => network.call(x).square().sum().item<double>();
        network.call(x).square().sum().backward();
        var gradient = weight.grad!.flatten()[4].item<double>();
        const double step = 1e-6;
        using var guard = no_grad();
        weight[0, 0, 1, 1] += step;
        var above = Loss();
        weight[0, 0, 1, 1] -= 2 * step;
        var below = Loss();
        Assert.Equal(gradient, (above - below) / (2 * step), 1e-6 * Math.Max(1, Math.Abs(gradient)));
    }

    [Fact]
    public void Weights_lie_channels_last_also_after_loading()
    {
        using var folder = new Support.TemporaryFolder();
        using var network = new Unet(new UnetOptions(2, 1, 1, 4), seed: 9);
        Safetensors.Write(folder.File("w"), Safetensors.StateOf(network));
        Safetensors.LoadInto(folder.File("w"), network);
        var weight = network.parameters().First();
        Assert.Equal([4, 2, 3, 3], weight.shape);
        Assert.Equal([18, 1, 6, 2], weight.stride());
    }

    [Fact]
    public void Each_convolution_draws_once_and_in_order()
    {
        using var network = new Unet(new UnetOptions(1, 1, 1, 2), seed: 9);
        var names = ModuleTree.Descendants(network).Select(m => m.Name).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.Equal(["encoder", "encoder.down_path", "encoder.down_path.0", "encoder.down_path.0.conv1"], names.Take(4));
        var first = new MedSeg.Engine.Runtime.RandomStream(9, 0);
        var weight = GoldenWeights.ToArray(network.parameters().First());
        Assert.All(weight, w => Assert.Equal((float)first.NextUniform(-1.0 / 3, 1.0 / 3), w));
    }

    /// <summary>Otherwise every activation of the network would live until the caller's scope ends.</summary>
    [Theory]
    [InlineData(1, FinalActivation.Sigmoid, true)]
    [InlineData(2, FinalActivation.Softmax, true)]
    [InlineData(3, FinalActivation.Relu, true)]
    [InlineData(3, FinalActivation.Relu, false)]
    public void Nothing_but_the_result_outlives_a_forward_pass(int classes, FinalActivation activation, bool training)
    {
        using var network = new Unet(new UnetOptions(1, classes, 2, 2, Activation: activation), seed: 2);
        network.train(training);
        using var x = zeros([2, 1, 8, 8]);
        using var scope = NewDisposeScope();
        using var y = network.call(x);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void Dropout_acts_in_training_only_and_on_whole_channels()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = new Unet(new UnetOptions(1, 1, 1, 8, DropoutRate: 0.5), seed: 2);
        var x = GoldenWeights.ToTensor(GoldenWeights.Wave(64), 1, 1, 8, 8);
        network.eval();
        Assert.Equal(GoldenWeights.ToArray(network.call(x)), GoldenWeights.ToArray(network.call(x)));
        network.train();
        Assert.NotEqual(GoldenWeights.ToArray(network.call(x)), GoldenWeights.ToArray(network.call(x)));
    }
}
