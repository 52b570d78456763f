using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// One slice of 128×128 through an <see cref="OnnxSession"/> against a bare inference session with values made once, and,
/// for comparison, against the network that was exported. Unet depth 3, 16 filters.
/// </summary>
public sealed class OnnxSessionRatio : IRatioBenchmark
{
    private const int Size = 128;
    private const int Rounds = 41;

    public string Name => "onnx";

    public RatioResult Run()
    {
        using var network = new Unet(new UnetOptions(1, 1, Depth: 3, Filters: 16));
        network.eval();
        var model = OnnxExporter.Export(network, new OnnxModelInfo("unet", ["class"], new Dictionary<string, string>()));
        float[] input = [.. Enumerable.Range(0, Size * Size).Select(i => MathF.Sin(0.37f * i))];
        var output = new float[Size * Size];
        using var session = new OnnxSession(model);
        using var options = OnnxOptions.Create("cpu", 0);
        using var bare = new InferenceSession(model, options);
        using var run = new RunOptions();
        using var from = OrtValue.CreateTensorValueFromMemory(input, [1, 1, Size, Size]);
        using var to = OrtValue.CreateTensorValueFromMemory(output, [1, 1, Size, Size]);
        var times = Interleaved.Medians(
            Rounds,
            () => session.Run(input, 1, 1, Size, Size, output),
            () => bare.Run(run, [OnnxExporter.InputName], [from], [OnnxExporter.OutputName], [to]),
            () => Torch(network, input));
        return new(Name, times[0] / times[1], 1.1, new Dictionary<string, double>
        {
            ["session_ms"] = times[0], ["bare_ms"] = times[1], ["torch_ms"] = times[2], ["rounds"] = Rounds,
        }, "medians per slice; OnnxSession / bare ONNX Runtime session, Unet depth 3, 16 filters, 128×128");
    }

    private static void Torch(Unet network, float[] input)
    {
        using var scope = torch.NewDisposeScope();
        using var guard = torch.no_grad();
        network.call(torch.tensor(input, [1, 1, Size, Size]));
    }
}
