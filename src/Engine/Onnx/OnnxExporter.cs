using System.Globalization;
using System.Text.Json;
using MedSeg.Engine.Networks;
using static TorchSharp.torch;

namespace MedSeg.Engine.Onnx;

/// <summary>What an exported file says about itself.</summary>
/// <param name="Name">Model name.</param>
/// <param name="Classes">Class names in the order of the output's channels.</param>
/// <param name="Metadata">Further texts, for example preprocessing as JSON and the threshold.</param>
public sealed record OnnxModelInfo(string Name, IReadOnlyList<string> Classes, IReadOnlyDictionary<string, string> Metadata);

/// <summary>Writes a network as an ONNX model for inference.</summary>
public static class OnnxExporter
{
    /// <summary>Name of the input: (batch,C,height,width) float32, batch, height and width dynamic.</summary>
    public const string InputName = "input";

    /// <summary>Name of the output: (batch,K,height,width) float32 in [0,1].</summary>
    public const string OutputName = "output";

    /// <summary>Metadata key of the class names, a JSON list.</summary>
    public const string ClassesKey = "classes";

    /// <summary>Metadata key of the smallest height and width in pixels. Below it a pooling has nothing left, which ONNX Runtime does not notice.</summary>
    public const string MinimumSizeKey = "minimum_size";

    /// <summary>The file's bytes; the same network and information give the same bytes.</summary>
    /// <exception cref="ArgumentException">The number of class names is not the network's.</exception>
    public static byte[] Export(SegNetwork network, OnnxModelInfo info)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(info);
        if (info.Classes.Count != network.Classes)
            throw new ArgumentException($"The network has {network.Classes} classes, {info.Classes.Count} names were given.", nameof(info));
        var graph = new OnnxGraph();
        var input = graph.Input(InputName, "batch", network.InChannels, "height", "width");
        var names = ModuleTree.Descendants(network)
            .ToDictionary(m => m.Module, m => m.Name, (IEqualityComparer<nn.Module>)ReferenceEqualityComparer.Instance);
        var output = network.Describe(new OnnxOps(graph, names), input);
        graph.Output(output, OutputName, "batch", network.Classes, "height", "width");
        var metadata = new Dictionary<string, string>(info.Metadata, StringComparer.Ordinal)
        {
            [ClassesKey] = JsonSerializer.Serialize(info.Classes),
            [MinimumSizeKey] = network.MinimumSize.ToString(CultureInfo.InvariantCulture),
        };
        return graph.ToBytes(info.Name, "MedSeg", typeof(OnnxExporter).Assembly.GetName().Version!.ToString(3), metadata);
    }
}
