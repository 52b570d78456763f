using MedSeg.Engine.Onnx;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Tests.Inference;

/// <summary>
/// A packaged model whose first class is its input, and whose second class is one minus its input; with two channels its classes are
/// the channels.
/// </summary>
internal static class CopyModel
{
    /// <param name="minimumSize">Smallest side that the file claims to need; null says nothing.</param>
    /// <param name="factor">By which the input is multiplied first.</param>
    /// <param name="dimensions">3 for volumes; the configuration says so too.</param>
    /// <param name="multiple">What the file claims that each side must be a multiple of; null says nothing.</param>
    public static SegModel Create(
        string folder, string[] suffixes, int? minimumSize = null, int channels = 1, float factor = 1, int dimensions = 2, int? multiple = null)
    {
        var graph = new OnnxGraph();
        object[] sides = dimensions == 3 ? ["height", "width", "depth"] : ["height", "width"];
        var x = graph.Input("input", ["batch", channels, .. sides]);
        if (!factor.Equals(1f))
            x = graph.Node("Mul", [x, graph.Constant("factor", [factor], 1)]);
        var y = x;
        if (channels > 1)
            y = graph.Node("Identity", [x]);
        else if (suffixes.Length == 2)
            y = graph.Node("Concat", [x, graph.Node("Sub", [graph.Constant("one", [1f], 1), x])], ("axis", 1));
        graph.Output(y, "output", ["batch", suffixes.Length, .. sides]);
        var metadata = new Dictionary<string, string>();
        if (minimumSize is not null)
            metadata[OnnxExporter.MinimumSizeKey] = minimumSize.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (multiple is not null)
            metadata[OnnxExporter.SizeMultipleKey] = multiple.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var onnx = graph.ToBytes("copy", "MedSeg tests", "1", metadata);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "copy.onnx"), onnx);
        return Wrap("copy", folder, new SegConfig { ModelName = "copy", LoaderParameters = { TargetSuffix = suffixes }, DefaultModel = { Is2D = dimensions == 2 } }, Sha256.OfBytes(onnx));
    }

    public static SegModel Wrap(string name, string folder, SegConfig config, string sha256) => new()
    {
        Name = name,
        Path = folder,
        Config = config,
        Classes = [.. config.LoaderParameters.TargetSuffix.Select(s => s.TrimStart('_'))],
        Split = new SegSplit("participant_id", 0, [], [], []),
        DatasetRoots = [],
        History = [],
        BestEpoch = 1,
        BestValidationLoss = null,
        Threshold = 0.5,
        Device = "cpu",
        WallTime = TimeSpan.Zero,
        Sha256 = sha256,
    };
}
