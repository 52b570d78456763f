using System.Globalization;
using System.Text.Json;
using MedSeg.Engine.Networks;

namespace MedSeg.Engine.Onnx;

/// <summary>What an exported file says about itself.</summary>
/// <param name="Name">Model name.</param>
/// <param name="Classes">Class names in the order of the output's channels.</param>
/// <param name="Metadata">Further texts, for example preprocessing as JSON and the threshold.</param>
public sealed record OnnxModelInfo(string Name, IReadOnlyList<string> Classes, IReadOnlyDictionary<string, string> Metadata);

/// <summary>Writes a network as an ONNX model for inference.</summary>
public static class OnnxExporter
{
    /// <summary>Name of the image: (batch,C,height,width) or (batch,C,height,width,depth) float32, all but C dynamic.</summary>
    public const string InputName = "input";

    /// <summary>Name of the output: (batch,K,height,width) or (batch,K,height,width,depth) float32 in [0,1]; (batch,K) of a classifier.</summary>
    public const string OutputName = "output";

    /// <summary>Metadata key of the class names, a JSON list.</summary>
    public const string ClassesKey = "classes";

    /// <summary>Metadata key of the smallest side in pixels or voxels. Below it a pooling has nothing left, which ONNX Runtime does not notice.</summary>
    public const string MinimumSizeKey = "minimum_size";

    /// <summary>Metadata key of the number whose multiple every side must be; absent when any size works.</summary>
    public const string SizeMultipleKey = "size_multiple";

    /// <summary>The file's bytes; the same network and information give the same bytes.</summary>
    /// <exception cref="ArgumentException">The number of class names is not the network's.</exception>
    public static byte[] Export(SegNetwork network, OnnxModelInfo info)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(info);
        if (info.Classes.Count != network.Classes)
            throw new ArgumentException($"The network has {network.Classes} classes, {info.Classes.Count} names were given.", nameof(info));
        var graph = new OnnxGraph();
        object[] space = network.Dimensions == 2 ? ["height", "width"] : ["height", "width", "depth"];
        var image = graph.Input(InputName, ["batch", network.InChannels, .. space]);
        var more = network.Inputs.ToDictionary(input => input.Name, input => graph.Input(input.Name, "batch", input.Width), StringComparer.Ordinal);
        var inputs = new NetworkInputs<string>(
            image, more.GetValueOrDefault(NetworkInput.Metadata), more.GetValueOrDefault(NetworkInput.Available));
        var output = network.Describe(new OnnxOps(graph, network.Dimensions, NamesOf(network)), inputs);
        graph.Output(output, OutputName, ["batch", network.Classes, .. network.Task == NetworkTask.Classification ? [] : space]);
        var metadata = new Dictionary<string, string>(info.Metadata, StringComparer.Ordinal)
        {
            [ClassesKey] = JsonSerializer.Serialize(info.Classes),
            [MinimumSizeKey] = network.MinimumSize.ToString(CultureInfo.InvariantCulture),
        };
        if (network.SizeMultiple > 1)
            metadata[SizeMultipleKey] = network.SizeMultiple.ToString(CultureInfo.InvariantCulture);
        return graph.ToBytes(info.Name, "MedSeg", typeof(OnnxExporter).Assembly.GetName().Version!.ToString(3), metadata);
    }

    private static Dictionary<object, string> NamesOf(SegNetwork network)
    {
        var names = new Dictionary<object, string>(ReferenceEqualityComparer.Instance);
        foreach (var (name, module) in ModuleTree.Descendants(network))
            names.Add(module, name);
        foreach (var (name, parameter) in network.named_parameters())
            names.Add(parameter, name);
        return names;
    }
}
