using System.Runtime.InteropServices;
using MedSeg.Engine.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Onnx;

/// <summary>Emits nodes for inference: running statistics in batch normalisation, no dropout. Values are names.</summary>
internal sealed class OnnxOps(OnnxGraph graph, IReadOnlyDictionary<nn.Module, string> names) : INetworkOps<string>
{
    public string Retain(string x) => x;

    public string Convolve(string x, Conv2d layer)
    {
        var name = names[layer];
        var weight = Weights(name + ".weight", layer.weight!);
        string[] inputs = layer.bias is null ? [x, weight] : [x, weight, Weights(name + ".bias", layer.bias)];
        var padding = layer.padding!;
        return graph.Node(
            "Conv", inputs,
            ("kernel_shape", layer.kernel_size),
            ("pads", new[] { padding[0], padding[1], padding[0], padding[1] }),
            ("strides", layer.stride),
            ("dilations", layer.dilation),
            ("group", (int)layer.groups));
    }

    public string Relu(string x) => graph.Node("Relu", [x]);

    public string Normalize(string x, BatchNorm2d layer)
    {
        var name = names[layer];
        return graph.Node(
            "BatchNormalization",
            [
                x, Weights(name + ".weight", layer.weight!), Weights(name + ".bias", layer.bias!),
                Weights(name + ".running_mean", layer.running_mean!), Weights(name + ".running_var", layer.running_var!),
            ],
            ("epsilon", (float)layer.eps));
    }

    public string Dropout(string x, Dropout2d layer) => x;

    public string MaxPool(string x) => graph.Node("MaxPool", [x], ("kernel_shape", new[] { 2L, 2 }), ("strides", new[] { 2L, 2 }));

    public string UpsampleTo(string x, string like)
    {
        var kept = Slice(graph.Node("Shape", [x]), 0, 2);
        var wanted = Slice(graph.Node("Shape", [like]), 2, 4);
        var sizes = graph.Node("Concat", [kept, wanted], ("axis", 0));
        return graph.Node("Resize", [x, "", "", sizes], ("mode", "linear"), ("coordinate_transformation_mode", "align_corners"));

        string Slice(string shape, long from, long to) =>
            graph.Node("Slice", [shape, Number(from), Number(to), Number(0)]);
    }

    public string Concat(string x, string y) => graph.Node("Concat", [x, y], ("axis", 1));

    public string Sigmoid(string x) => graph.Node("Sigmoid", [x]);

    public string Softmax(string x) => graph.Node("Softmax", [x], ("axis", 1));

    public string DropChannels(string x, int count) => graph.Node("Slice", [x, Number(count), Number(long.MaxValue), Number(1)]);

    public string DivideUnlessZero(string x, string divisor)
    {
        var isZero = graph.Node("Equal", [divisor, graph.Constant("zero", [0f])]);
        return graph.Node("Div", [x, graph.Node("Where", [isZero, graph.Constant("one", [1f]), divisor])]);
    }

    public string MaxOfSample(string like) => graph.Node("ReduceMax", [like], ("axes", new[] { 1L, 2, 3 }), ("keepdims", 1));

    public string SumOfChannels(string like) => graph.Node("ReduceSum", [like, Number(1)], ("keepdims", 1));

    private string Number(long value) => graph.Constant(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"number_{value}"), [value]);

    private string Weights(string name, Tensor tensor)
    {
        using var plain = tensor.detach().to(float32).cpu().contiguous();
        return graph.Constant(name, MemoryMarshal.Cast<byte, float>(plain.bytes), plain.shape);
    }
}
