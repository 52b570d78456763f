using MedSeg.Engine.Onnx;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Tests.Inference.Classification;

/// <summary>A packaged classifier whose probabilities are the means of a slice's channels, times a factor.</summary>
internal static class MeanModel
{
    public static SegModel Create(string folder, string[] suffixes, float factor = 1, int? minimumSize = null, Action<SegConfig>? change = null)
    {
        var graph = new OnnxGraph();
        var mean = graph.Node("ReduceMean", [graph.Input("input", "batch", suffixes.Length, "height", "width")], ("axes", (long[])[2, 3]), ("keepdims", 0));
        graph.Output(graph.Node("Mul", [mean, graph.Constant("factor", [factor], 1)]), "output", "batch", suffixes.Length);
        var metadata = new Dictionary<string, string>();
        if (minimumSize is { } size)
            metadata[OnnxExporter.MinimumSizeKey] = size.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var onnx = graph.ToBytes("mean", "MedSeg tests", "1", metadata);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "mean.onnx"), onnx);
        var config = new SegConfig { ModelName = "mean", LoaderParameters = { TargetSuffix = suffixes } };
        change?.Invoke(config);
        return CopyModel.Wrap("mean", folder, config, Sha256.OfBytes(onnx)) with { Task = SegTask.Classification };
    }
}
