using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Networks;
using MedSeg.Engine.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Onnx;

/// <summary>The exported file computes what the trained network computes.</summary>
[Collection(TorchGlobalState.Name)]
public class OnnxParityTests
{
    private const float Tolerance = 1e-5f;
    private static readonly (int N, int H, int W)[] Sizes = [(1, 32, 32), (3, 37, 50), (2, 16, 63)];

    /// <summary>
    /// Random weights after some training steps in training mode: an untrained network answers nearly a constant, which would
    /// hide errors, and running statistics of 0 and 1 would hide a batch normalisation that ignores them.
    /// </summary>
    [Theory]
    [InlineData(1, 1, 1, 8, FinalActivation.Sigmoid)]
    [InlineData(1, 1, 3, 8, FinalActivation.Sigmoid)]
    [InlineData(2, 2, 2, 6, FinalActivation.Sigmoid)]
    [InlineData(1, 3, 2, 6, FinalActivation.Sigmoid)]
    [InlineData(1, 2, 2, 6, FinalActivation.Softmax)]
    [InlineData(3, 3, 4, 4, FinalActivation.Softmax)]
    [InlineData(1, 1, 2, 6, FinalActivation.Relu)]
    [InlineData(1, 3, 3, 4, FinalActivation.Relu)]
    public void Onnx_runtime_equals_torch(int channels, int classes, int depth, int filters, FinalActivation activation)
    {
        using var scope = NewDisposeScope();
        using var network = Trained(new UnetOptions(channels, classes, depth, filters, Activation: activation));
        using var session = new OnnxSession(Export(network));
        Assert.Equal((channels, classes), (session.InputChannels, session.OutputChannels));
        var range = 0f;
        foreach (var (n, h, w) in Sizes)
        {
            var input = Noise(n * channels * h * w, seed: h);
            using var guard = no_grad();
            var expected = GoldenWeights.ToArray(network.call(GoldenWeights.ToTensor(input, n, channels, h, w)));
            var output = new float[n * classes * h * w];
            session.Run(input, n, channels, h, w, output);
            Assert.InRange(GoldenWeights.LargestDifference(expected, output), 0, Tolerance);
            range = Math.Max(range, expected.Max() - expected.Min());
        }

        Assert.True(range > 0.05f, $"an output that varies by {range} only would prove nothing");
    }

    [Theory]
    [InlineData(1, 1, FinalActivation.Sigmoid)]
    [InlineData(2, 2, FinalActivation.Softmax)]
    [InlineData(1, 3, FinalActivation.Relu)]
    public void Onnx_runtime_equals_torch_in_three_dimensions(int channels, int classes, FinalActivation activation)
    {
        using var network = new Unet(new UnetOptions(channels, classes, 2, 4, Activation: activation, Dimensions: 3), seed: 3);
        using var session = OnnxParity.Check(network, [[1, channels, 16, 16, 16], [2, channels, 13, 9, 11]]);
        Assert.Equal((3, 4, 1), (session.Dimensions, session.Sizes.Minimum, session.Sizes.Multiple));
    }

    [Theory]
    [InlineData(1, 1, false, false, FinalActivation.Sigmoid)]
    [InlineData(2, 2, true, false, FinalActivation.Softmax)]
    [InlineData(1, 1, true, true, FinalActivation.Sigmoid)]
    [InlineData(1, 2, false, true, FinalActivation.Relu)]
    public void Onnx_runtime_equals_torch_for_the_modified_3D_unet(int channels, int classes, bool attention, bool film, FinalActivation activation)
    {
        using var network = new Modified3DUnet(new Modified3DUnetOptions(
            channels, classes, 2, attention, Activation: activation, Film: film ? new FilmOptions(3, FilmTests.Flags(10)) : null));
        using var session = OnnxParity.Check(network, [[1, channels, 32, 32, 16], [2, channels, 16, 48, 32]]);
        Assert.Equal((3, 16, 16), (session.Dimensions, session.Sizes.Minimum, session.Sizes.Multiple));
        Assert.Equal("NetworkInputShape", Assert.Throws<SegException>(() =>
            session.Run(new float[channels * 24 * 32 * 32], [1, channels, 24, 32, 32], [.. session.Inputs.Select(i => new float[i.Width])], new float[classes * 24 * 32 * 32])).ErrorId);
    }

    [Theory]
    [InlineData(2, 1, FinalActivation.Sigmoid)]
    [InlineData(2, 3, FinalActivation.Softmax)]
    [InlineData(3, 2, FinalActivation.Sigmoid)]
    public void Onnx_runtime_equals_torch_with_metadata(int dimensions, int classes, FinalActivation activation)
    {
        using var network = new Unet(new UnetOptions(1, classes, 2, 4, Activation: activation, Dimensions: dimensions, Film: new FilmOptions(3, FilmTests.Flags(6))));
        long[] depth = dimensions == 2 ? [] : [10];
        using var session = OnnxParity.Check(network, [[3, 1, 16, 16, .. depth], [2, 1, 13, 9, .. depth]]);
        Assert.Equal([new NetworkInput("metadata", 3)], session.Inputs);
        if (dimensions == 2)
            Assert.Equal("NetworkInputMissing", Assert.Throws<SegException>(() => session.Run(new float[64], 1, 1, 8, 8, new float[64 * classes])).ErrorId);
    }

    [Fact]
    public void Inputs_beside_the_image_are_given_by_name()
    {
        using var network = new Unet(new UnetOptions(1, 1, 1, 2, Film: new FilmOptions(2, FilmTests.Flags(4))));
        using var session = new OnnxSession(Export(network));
        var input = Noise(2 * 64, seed: 1);
        var (byPlace, byName) = (new float[128], new float[128]);
        session.Run(input, [2, 1, 8, 8], [[1, 0, 0, 1]], byPlace);
        session.Run(input, [2, 1, 8, 8], byName, metadata: [1, 0, 0, 1]);
        Assert.Equal(byPlace, byName);
        Assert.Equal("NetworkInputMissing", Assert.Throws<SegException>(() => session.Run(input, [2, 1, 8, 8], byName, metadata: [])).ErrorId);
        Assert.Equal("NetworkInputShape", Assert.Throws<SegException>(() => session.Run(input, [2, 1, 8, 8], byName, metadata: [1, 0, 0])).ErrorId);
        Assert.Throws<ArgumentException>(() => session.Run(input, [2, 1, 8, 8], byName, metadata: [1, 0, 0, 1], available: [1, 1]));
    }

    [Fact]
    public void A_model_of_volumes_refuses_slices()
    {
        using var network = new Unet(new UnetOptions(1, 1, 1, 2, Dimensions: 3));
        using var session = new OnnxSession(Export(network));
        Assert.Equal("NetworkInputShape", Assert.Throws<SegException>(() => session.Run(new float[64], 1, 1, 8, 8, new float[64])).ErrorId);
    }

    [Fact]
    public void A_sample_does_not_depend_on_its_batch()
    {
        using var network = Trained(new UnetOptions(1, 1, 2, 4, Activation: FinalActivation.Relu));
        using var session = new OnnxSession(Export(network));
        const int size = 24 * 20;
        var input = Noise(2 * size, seed: 1);
        input.AsSpan(size).Clear();
        var together = new float[2 * size];
        var alone = new float[size];
        session.Run(input, 2, 1, 24, 20, together);
        session.Run(input.AsSpan(0, size), 1, 1, 24, 20, alone);
        Assert.InRange(GoldenWeights.LargestDifference(alone, together[..size]), 0, 1e-6f);
    }

    [Fact]
    public void The_same_network_gives_the_same_bytes()
    {
        using var network = Trained(new UnetOptions(1, 1, 1, 2));
        Assert.Equal(Export(network), Export(network));
    }

    internal static byte[] Export(SegNetwork network) => OnnxExporter.Export(
        network,
        new OnnxModelInfo("net", [.. Enumerable.Range(0, network.Classes).Select(i => $"class {i}")], new Dictionary<string, string> { ["threshold"] = "0.5" }));

    internal static Unet Trained(UnetOptions options)
    {
        using var scope = NewDisposeScope();
        var network = new Unet(options, seed: 4);
        network.train();
        random.manual_seed(4);
        using var optimizer = optim.Adam(network.parameters(), 0.01);
        for (var step = 0; step < 10; step++)
        {
            using var inner = NewDisposeScope();
            var x = GoldenWeights.ToTensor(Noise(4 * options.InChannels * 32 * 32, step), 4, options.InChannels, 32, 32);
            var y = (x.narrow(1, 0, 1) > 0.5).to(float32).expand(4, options.Classes, 32, 32);
            optimizer.zero_grad();
            (network.call(x) - y).square().mean().backward();
            optimizer.step();
        }

        network.eval();
        return network;
    }

    internal static float[] Noise(int count, int seed)
    {
        var random = new RandomStream(seed);
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
            value = (float)random.Normal();
        return values;
    }
}
