using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Training;
using MedSeg.Engine.Training;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

/// <summary>Every architecture with convolutions in a shorter type: nearly the same answers, gradients in float32, nothing left behind.</summary>
[Collection(TorchGlobalState.Name)]
public class MixedPrecisionTests
{
    private static readonly FilmOptions AllLayers = new(2, [true, true, true, true, true, true]);

    public static TheoryData<string> Networks { get; } =
        ["Unet", "softmax", "relu", "FiLM", "HeMIS", "Unet 3D", "Modified3DUNet", "attention", "resnet18", "densenet121", "Countception"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Answers_are_nearly_those_of_float32(string name)
    {
        using var scope = NewDisposeScope();
        using SegNetwork network = Create(name);
        network.eval();
        NetworkInputs inputs = InputsOf(network);
        using var noGradient = no_grad();
        Tensor exact = network.forward(inputs), mixed = network.forward(inputs, ScalarType.BFloat16);
        Assert.Equal(ScalarType.Float32, mixed.dtype);
        Assert.Equal(exact.shape, mixed.shape);
        double difference = (exact - mixed).abs().max().item<float>();
        Assert.InRange(difference, 1e-9, 0.15);
    }

    /// <summary>
    /// Not those that normalise over two samples or a handful of voxels here: with their first weights a rounding turns the gradient.
    /// </summary>
    [Theory]
    [InlineData("Unet")]
    [InlineData("softmax")]
    [InlineData("FiLM")]
    [InlineData("HeMIS")]
    [InlineData("Unet 3D")]
    [InlineData("Countception")]
    public void Gradients_are_float32_and_point_the_same_way(string name)
    {
        using var scope = NewDisposeScope();
        using SegNetwork network = Create(name);
        NetworkInputs inputs = InputsOf(network);
        Tensor exact = Gradient(ScalarType.Float32), mixed = Gradient(ScalarType.BFloat16);
        double cosine = ((exact * mixed).sum() / (exact.norm() * mixed.norm())).item<float>();
        Assert.InRange(cosine, 0.9, 1.0001);

        Tensor Gradient(ScalarType precision)
        {
            network.train();
            network.zero_grad();
            Tensor answer = network.forward(inputs, precision);
            (answer * randn(answer.shape, generator: new Generator(3))).sum().backward();
            return cat([.. network.parameters().Where(p => p.grad is not null).Select(p => p.grad!.flatten())]);
        }
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("Modified3DUNet")]
    [InlineData("attention")]
    [InlineData("resnet18")]
    [InlineData("densenet121")]
    public void A_batch_is_learnt_as_in_float32(string name)
    {
        double exact = Learn(name, ScalarType.Float32), mixed = Learn(name, ScalarType.BFloat16);
        Assert.True(mixed < exact + 0.05, $"{exact} → {mixed}");
        Assert.NotEqual(exact, mixed);
    }

    /// <summary>libtorch's own gradients of a kernel larger than the image are garbage in bfloat16.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 2, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(8, 8, 2)]
    [InlineData(2, 8, 8)]
    [InlineData(3, 3, 3)]
    [InlineData(8, 8, 3)]
    [InlineData(8, 3)]
    public void Small_images_give_right_gradients(params int[] sides)
    {
        foreach (int stride in new[] { 1, 2 })
        {
            for (int repeat = 0; repeat < 5; repeat++)
            {
                using var scope = NewDisposeScope();
                using var layer = Layers.Convolution(sides.Length, 32, 32, 3, stride, padding: 1);
                full(32L * 32 * 27 * 4, 1e30f).Dispose();
                Tensor x = randn([2, 32, .. sides.Select(side => (long)side)]);
                Tensor exact = Gradient(ScalarType.Float32), mixed = Gradient(ScalarType.BFloat16);
                Assert.InRange(((exact - mixed).norm() / exact.norm()).item<float>(), 0, 0.05);

                Tensor Gradient(ScalarType precision)
                {
                    layer.zero_grad();
                    ShortConvolution.Apply(x, layer, precision).to(ScalarType.Float32).square().sum().backward();
                    return layer.weight!.grad!.clone();
                }
            }
        }
    }

    /// <summary>Share of its first loss that twenty steps of Adam leave.</summary>
    private static double Learn(string name, ScalarType precision)
    {
        using var scope = NewDisposeScope();
        using SegNetwork network = Create(name);
        using var optimizer = new AdamOptimizer(network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
        network.train();
        NetworkInputs inputs = InputsOf(network);
        bool whole = network.Task == NetworkTask.Classification;
        Tensor target = whole ? tensor(new float[,] { { 1 }, { 0 } }) : inputs.Image.gt(0).to(ScalarType.Float32).expand([2, network.Classes, .. inputs.Image.shape[2..]]);
        double first = 0, last = 0;
        for (int step = 0; step <= 20; step++)
        {
            StateTensors.ZeroGradients(network.parameters());
            Tensor loss = (network.forward(inputs, precision) - target).square().mean();
            loss.backward();
            last = loss.item<float>();
            if (step == 0) first = last;
            optimizer.Step(0.01);
        }

        return last / first;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Nothing_but_the_answer_is_left(string name)
    {
        using SegNetwork network = Create(name);
        using var scope = NewDisposeScope();
        NetworkInputs inputs = InputsOf(network);
        network.forward(inputs, ScalarType.BFloat16).Dispose();
        long before = Tensor.TotalCount;
        network.forward(inputs, ScalarType.BFloat16).Dispose();
        Assert.True(Tensor.TotalCount <= before, $"{Tensor.TotalCount - before}");
    }

    private static SegNetwork Create(string name)
    {
        var unet = new UnetOptions(1, 1, Depth: 2, Filters: 4, DropoutRate: 0);
        var volumes = new Modified3DUnetOptions(1, 1, Filters: 2, DropoutRate: 0);
        return name switch
        {
            "softmax" => new Unet(unet with { Classes = 2, Activation = FinalActivation.Softmax }, 1),
            "relu" => new Unet(unet with { Classes = 2, Activation = FinalActivation.Relu }, 1),
            "FiLM" => new Unet(unet with { Film = AllLayers }, 1),
            "HeMIS" => new HemisUnet(["T1w", "T2w"], unet with { InChannels = 2 }, 1),
            "Unet 3D" => new Unet(unet with { Dimensions = 3 }, 1),
            "Modified3DUNet" => new Modified3DUnet(volumes, 1),
            "attention" => new Modified3DUnet(volumes with { Attention = true }, 1),
            "resnet18" => new ResNet(18, 1, 1, 1),
            "densenet121" => new DenseNet(1, 1, seed: 1),
            "Countception" => new Countception(1, 1, 1),
            _ => new Unet(unet, 1),
        };
    }

    private static NetworkInputs InputsOf(SegNetwork network)
    {
        int side = network.SizeMultiple > 1 || network.Task == NetworkTask.Classification ? 32 : 16;
        long[] shape = [2, network.InChannels, .. Enumerable.Repeat((long)side, network.Dimensions)];
        return new NetworkInputs(
            randn(shape, generator: new Generator(2)), tensor(new float[,] { { 1, 0 }, { 0, 1 } }), ones(2, network.InChannels));
    }
}
