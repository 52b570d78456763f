using MedSeg.Engine.Networks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

public class FilmTests
{
    /// <summary>The reference's counts of one layer; of all layers the weight matrices of seven are the first one's (4 886 819 before sharing).</summary>
    [Fact]
    public void Parameter_counts_equal_the_reference()
    {
        using var one = new Unet(new UnetOptions(1, 1, 4, Film: new FilmOptions(3, Flags(10, 1))));
        Assert.Equal(19596177, one.parameters().Sum(p => p.numel()));
        using var all = new Unet(new UnetOptions(1, 1, 3, Film: new FilmOptions(3, Flags(8))));
        Assert.Equal(4886819 - (7 * ((64 * 3) + (16 * 64))), all.parameters().Sum(p => p.numel()));
        using var volume = new Modified3DUnet(new Modified3DUnetOptions(1, 1, 8, Film: new FilmOptions(3, Flags(10))));
        Assert.Equal(1806698 - (9 * ((64 * 3) + (16 * 64))), volume.parameters().Sum(p => p.numel()));
    }

    /// <summary>Depth 3, 8 filters, two images of 32×32 of two categories: some of the outputs of the reference, and their sum.</summary>
    [Fact]
    public void Written_down_outputs_of_the_reference_are_met()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = new Unet(new UnetOptions(1, 1, 3, 8, Film: new FilmOptions(3, Flags(8))));
        GoldenWeights.Fill(network);
        network.eval();
        var y = GoldenWeights.ToArray(network.forward(new NetworkInputs(Image(2), GoldenWeights.ToTensor([1, 0, 0, 0, 1, 0], 2, 3))));
        foreach (var (at, value) in Expected)
            Assert.Equal(value, y[at], 1e-5f);
        Assert.Equal(ExpectedSum, y.Sum(v => (double)v), 1e-2);
    }

    /// <summary>The reference's first version modulated a whole batch with its first sample's metadata (known defect D-35).</summary>
    [Fact]
    public void Each_sample_is_modulated_by_its_own_metadata()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = Small(2);
        GoldenWeights.Fill(network);
        network.eval();
        var x = Image(1).expand(2, 1, 32, 32).contiguous();
        var together = network.forward(new NetworkInputs(x, GoldenWeights.ToTensor([1, 0, 0, 1], 2, 2)));
        var first = GoldenWeights.ToArray(together.narrow(0, 0, 1));
        var second = GoldenWeights.ToArray(together.narrow(0, 1, 1));
        Assert.True(GoldenWeights.LargestDifference(first, second) > 1e-3f);
        var alone = GoldenWeights.ToArray(network.forward(new NetworkInputs(x.narrow(0, 1, 1), GoldenWeights.ToTensor([0, 1], 1, 2))));
        Assert.InRange(GoldenWeights.LargestDifference(alone, second), 0, 1e-6f);
    }

    /// <summary>The reference always ends in a sigmoid (known defect D-66).</summary>
    [Fact]
    public void The_final_activation_is_the_configured_one_also_with_a_modulated_last_layer()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var film = new FilmOptions(2, Flags(4));
        using var softmax = new Unet(new UnetOptions(1, 3, 1, 4, Activation: FinalActivation.Softmax, Film: film));
        using var sigmoid = new Unet(new UnetOptions(1, 3, 1, 4, Film: film));
        GoldenWeights.Fill(softmax);
        GoldenWeights.Fill(sigmoid);
        softmax.eval();
        sigmoid.eval();
        var inputs = new NetworkInputs(Image(1), GoldenWeights.ToTensor([0, 1], 1, 2));
        var shares = softmax.forward(inputs);
        Assert.All(GoldenWeights.ToArray(shares.sum(1)), v => Assert.InRange(v, 0f, 1f));
        Assert.True(sigmoid.forward(inputs).sum(1).max().item<float>() > 1);
        Assert.Equal("SoftmaxNeedsClasses", Assert.Throws<SegException>(() => new Unet(new UnetOptions(1, 1, 1, 4, Activation: FinalActivation.Softmax, Film: film))).ErrorId);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Gradients_reach_every_weight_and_shared_ones_once(int dimensions)
    {
        using var network = new Unet(new UnetOptions(1, 1, 1, 2, DropoutRate: 0, Dimensions: dimensions, Film: new FilmOptions(2, Flags(4))), seed: 1);
        network.train();
        Assert.Single(network.named_parameters(), p => p.name.EndsWith("linear1.weight", StringComparison.Ordinal));
        long[] shape = [2, 1, .. Enumerable.Repeat(8L, dimensions)];
        using var x = GoldenWeights.ToTensor(GoldenWeights.Wave((int)shape.Aggregate((product, side) => product * side)), shape);
        using var metadata = GoldenWeights.ToTensor([1, 0, 0, 1], 2, 2);
        using var scope = NewDisposeScope();
        var y = network.forward(new NetworkInputs(x, metadata));
        Assert.Equal(1, scope.DisposablesCount);
        y.square().sum().backward();
        Assert.All(network.parameters(), p => Assert.True(p.grad is not null && p.grad.isfinite().all().item<bool>()));
        Assert.Equal([1f, 0, 0, 1], GoldenWeights.ToArray(metadata));
    }

    /// <summary>The shared matrix has the sum of all layers' gradients: compare with finite differences.</summary>
    [Fact]
    public void The_gradient_of_a_shared_weight_equals_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var network = new Unet(new UnetOptions(1, 1, 1, 2, DropoutRate: 0, Film: new FilmOptions(2, Flags(4))), seed: 2);
        network.to(float64);
        network.train();
        var inputs = new NetworkInputs(
            GoldenWeights.ToTensor(GoldenWeights.Wave(72), 2, 1, 6, 6).to(float64), GoldenWeights.ToTensor([1, 0, 0, 1], 2, 2).to(float64));
        var weight = network.named_parameters().Single(p => p.name == "encoder.down_path.1.generator.linear2.weight").parameter;
        double Loss() => network.forward(inputs).square().sum().item<double>();
        network.forward(inputs).square().sum().backward();
        var gradient = weight.grad!.flatten()[5].item<double>();
        const double step = 1e-5;
        using var guard = no_grad();
        weight[0, 5] += step;
        var above = Loss();
        weight[0, 5] -= 2 * step;
        var below = Loss();
        Assert.NotEqual(0, gradient);
        Assert.Equal(gradient, (above - below) / (2 * step), 1e-4 * Math.Abs(gradient));
    }

    [Fact]
    public void Weights_are_saved_once_and_loaded_into_all_layers()
    {
        using var folder = new Support.TemporaryFolder();
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var a = Small(2, seed: 1);
        using var b = Small(2, seed: 9);
        Safetensors.Write(folder.File("w"), Safetensors.StateOf(a));
        Safetensors.LoadInto(folder.File("w"), b);
        a.eval();
        b.eval();
        var inputs = new NetworkInputs(Image(1), GoldenWeights.ToTensor([0, 1], 1, 2));
        Assert.Equal(GoldenWeights.ToArray(a.forward(inputs)), GoldenWeights.ToArray(b.forward(inputs)));
    }

    [Fact]
    public void Metadata_must_be_there_and_fit()
    {
        using var network = Small(2);
        using var scope = NewDisposeScope();
        var missing = Assert.Throws<SegException>(() => network.call(Image(1)));
        Assert.Equal("NetworkInputMissing", missing.ErrorId);
        Assert.Contains("'metadata'", missing.Message, StringComparison.Ordinal);
        Assert.Equal("NetworkInputShape", Assert.Throws<SegException>(() => network.forward(new NetworkInputs(Image(2), zeros([1, 2])))).ErrorId);
        Assert.Equal("NetworkInputShape", Assert.Throws<SegException>(() => network.forward(new NetworkInputs(Image(1), zeros([1, 3])))).ErrorId);
    }

    [Fact]
    public void Without_an_active_layer_no_metadata_are_needed()
    {
        using var scope = NewDisposeScope();
        using var network = new Unet(new UnetOptions(1, 1, 1, 2, Film: new FilmOptions(2, Flags(4, 99))));
        Assert.Empty(network.Inputs);
        Assert.Equal([1, 1, 32, 32], network.call(Image(1)).shape);
    }

    [Fact]
    public void A_wrong_number_of_flags_is_refused()
    {
        var film = new FilmOptions(2, Flags(7));
        Assert.Equal("FilmLayersLength", Assert.Throws<SegException>(() => new Unet(new UnetOptions(1, 1, 3, 2, Film: film))).ErrorId);
        Assert.Equal("FilmLayersLength", Assert.Throws<SegException>(() => new Modified3DUnet(new Modified3DUnetOptions(1, 1, 2, Film: film))).ErrorId);
    }

    /// <summary>All flags set, or one.</summary>
    internal static bool[] Flags(int count, int? only = null) => [.. Enumerable.Range(0, count).Select(i => only is null || i == only)];

    private static Unet Small(int metadata, long seed = 0) => new(new UnetOptions(1, 1, 2, 4, Film: new FilmOptions(metadata, Flags(6))), seed);

    private static Tensor Image(int samples) => GoldenWeights.ToTensor(GoldenWeights.Wave(samples * 1024), samples, 1, 32, 32);

    private static readonly (int At, float Value)[] Expected =
    [
        (11, 0.71865457f), (151, 0.66959381f), (558, 0.67733288f), (698, 0.67396742f), (1105, 0.67277974f), (1652, 0.66971385f),
    ];

    private const double ExpectedSum = 1376.3159;
}
