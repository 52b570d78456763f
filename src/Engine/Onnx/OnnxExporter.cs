using System.Globalization;
using System.Text.Json;
using MedSeg.Engine.Networks;

namespace MedSeg.Engine.Onnx;

/// <summary>What an exported file says about itself.</summary>
/// <param name="Name">Model name.</param>
/// <param name="Classes">Class names in the order of the output's channels.</param>
/// <param name="Metadata">Further texts, for example preprocessing as JSON and the threshold.</param>
public sealed record OnnxModelInfo(string Name, IReadOnlyList<string> Classes, IReadOnlyDictionary<string, string> Metadata);

/// <summary>What an exported file can do beyond plain inference.</summary>
/// <param name="LiveDropout">
/// The file has a further input <see cref="OnnxExporter.DropoutName"/>, one boolean: true drops as in training, for Monte-Carlo sampling
/// (Gal and Ghahramani 2016), false computes what the plain file does.
/// </param>
/// <param name="Seed">Of the draws, see <see cref="OnnxDropout"/>.</param>
public sealed record OnnxExportOptions(bool LiveDropout = false, long Seed = 0);

/// <summary>Writes a network as an ONNX model for inference.</summary>
public static class OnnxExporter
{
    /// <summary>Name of the image: (batch,C,height,width) or (batch,C,height,width,depth) float32, all but C dynamic.</summary>
    public const string InputName = "input";

    /// <summary>Name of the output: (batch,K,height,width) or (batch,K,height,width,depth) float32 in [0,1]; (batch,K) of a classifier.</summary>
    public const string OutputName = "output";

    /// <summary>Name of the switch of live dropout, a boolean without axes.</summary>
    public const string DropoutName = "dropout";

    /// <summary>Metadata key of the class names, a JSON list.</summary>
    public const string ClassesKey = "classes";

    /// <summary>Metadata key of the smallest side in pixels or voxels. Below it a pooling has nothing left, which ONNX Runtime does not notice.</summary>
    public const string MinimumSizeKey = "minimum_size";

    /// <summary>Metadata key of the number whose multiple every side must be; absent when any size works.</summary>
    public const string SizeMultipleKey = "size_multiple";

    /// <summary>The file's bytes; the same network and information give the same bytes.</summary>
    /// <exception cref="ArgumentException">The number of class names is not the network's.</exception>
    /// <exception cref="SegException"><c>NoDropout</c>: dropout is to stay live in a network that has none.</exception>
    public static byte[] Export(SegNetwork network, OnnxModelInfo info, OnnxExportOptions? options = null)
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
        var dropout = options is { LiveDropout: true } ? new OnnxDropout(graph, graph.BoolInput(DropoutName), options.Seed) : null;
        var output = network.Describe(new OnnxOps(graph, network.Dimensions, NamesOf(network), dropout), inputs);
        if (dropout is { Layers: 0 })
            throw NoDropout(info.Name);
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

    private static SegException NoDropout(string model) => new(
        "NoDropout", SegErrorKind.InvalidArgument, $"{model} drops nothing: its network has no dropout, or its rate is 0.",
        "Train a network that has dropout with default_model.dropout_rate above 0.", "default_model.dropout_rate");

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
