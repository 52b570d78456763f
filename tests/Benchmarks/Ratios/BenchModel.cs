using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Runtime;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>A packaged network of one class with its first weights.</summary>
internal static class BenchModel
{
    /// <param name="folder">Where its ONNX file goes.</param>
    /// <param name="config">Network, patches and transforms.</param>
    public static SegModel Package(string folder, SegConfig config)
    {
        (config.ModelName, config.LoaderParameters.TargetSuffix) = ("bench", ["_seg"]);
        using var network = NetworkRegistry.Create(config, new NetworkShape(1, 1));
        var onnx = OnnxExporter.Export(network, new OnnxModelInfo("bench", ["seg"], new Dictionary<string, string>()));
        File.WriteAllBytes(Path.Combine(folder, "bench.onnx"), onnx);
        return new SegModel
        {
            Name = "bench", Path = folder, Config = config, Classes = ["seg"], Split = new SegSplit("participant_id", 0, [], [], []),
            DatasetRoots = [], History = [], BestEpoch = 1, BestValidationLoss = null, Threshold = 0.5, Device = "cpu",
            WallTime = TimeSpan.Zero, Sha256 = Sha256.OfBytes(onnx),
        };
    }
}
