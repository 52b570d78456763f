using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Tests.Networks;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Onnx;

/// <summary>Compares a network with its exported file.</summary>
internal static class OnnxParity
{
    private const float Tolerance = 1e-4f;

    /// <summary>
    /// Weights of the documented stream and a pass in training mode: first weights answer nearly a constant, which would hide
    /// errors, and running statistics of 0 and 1 would hide a batch normalisation that ignores them.
    /// </summary>
    /// <param name="network">Changed.</param>
    /// <param name="shapes">Of the images.</param>
    /// <returns>The session, the caller's.</returns>
    public static OnnxSession Check(SegNetwork network, params long[][] shapes)
    {
        GoldenWeights.Fill(network);
        return CheckAsItIs(network, shapes);
    }

    /// <summary>The same with the weights that the network has.</summary>
    public static OnnxSession CheckAsItIs(SegNetwork network, params long[][] shapes)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        network.train();
        _ = network.forward(Inputs(network, shapes[0], 7).Torch);
        network.eval();
        var session = new OnnxSession(OnnxParityTests.Export(network));
        Assert.Equal(network.Inputs.Select(i => (i.Name, i.Width)), session.Inputs.Select(i => (i.Name, i.Width)));
        Assert.Equal((network.InChannels, network.Classes), (session.InputChannels, session.OutputChannels));
        var range = 0f;
        foreach (var shape in shapes)
        {
            var (inputs, image, more) = Inputs(network, shape, (int)shape[2]);
            var expected = GoldenWeights.ToArray(network.forward(inputs));
            var output = new float[expected.Length];
            session.Run(image, shape, more, output);
            Assert.InRange(GoldenWeights.LargestDifference(expected, output), 0, Tolerance);
            range = Math.Max(range, expected.Max() - expected.Min());
        }

        Assert.True(range > 0.05f, $"an output that varies by {range} only would prove nothing");
        return session;
    }

    /// <summary>Noise, and another category or other contrasts for each sample.</summary>
    private static (NetworkInputs Torch, float[] Image, float[][] More) Inputs(SegNetwork network, long[] shape, int seed)
    {
        var image = OnnxParityTests.Noise((int)shape.Aggregate((product, side) => product * side), seed);
        var more = network.Inputs.Select(input =>
        {
            var oneHot = new float[shape[0] * input.Width];
            for (var n = 0; n < shape[0]; n++)
                oneHot[(n * input.Width) + ((n + seed) % input.Width)] = 1;
            for (var i = 0; i < oneHot.Length && input.Name == NetworkInput.Available; i += 2)
                oneHot[i] = 1;
            return oneHot;
        }).ToArray();
        var tensors = network.Inputs.Zip(more)
            .ToDictionary(i => i.First.Name, i => GoldenWeights.ToTensor(i.Second, shape[0], i.First.Width), StringComparer.Ordinal);
        var torch = new NetworkInputs(
            GoldenWeights.ToTensor(image, shape), tensors.GetValueOrDefault(NetworkInput.Metadata), tensors.GetValueOrDefault(NetworkInput.Available));
        return (torch, image, more);
    }
}
