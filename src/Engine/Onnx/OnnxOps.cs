using System.Runtime.InteropServices;
using MedSeg.Engine.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Onnx;

/// <summary>Emits nodes for inference: running statistics in batch normalisation, no dropout unless it stays live. Values are names.</summary>
/// <param name="graph">Takes the nodes.</param>
/// <param name="dimensions">2 for images, 3 for volumes.</param>
/// <param name="names">Of modules and parameters, by reference.</param>
/// <param name="dropout">Keeps dropout live; null leaves it out.</param>
internal sealed class OnnxOps(OnnxGraph graph, int dimensions, IReadOnlyDictionary<object, string> names, OnnxDropout? dropout = null) : INetworkOps<string>
{
    public string Retain(string x) => x;

    public string Convolve(string x, Convolution layer)
    {
        var name = names[layer];
        var weight = Weights(name + ".weight", layer.weight!);
        string[] inputs = layer.bias is null ? [x, weight] : [x, weight, Weights(name + ".bias", layer.bias)];
        var padding = layer.padding!;
        return graph.Node(
            "Conv", inputs,
            ("kernel_shape", layer.kernel_size),
            ("pads", (long[])[.. padding, .. padding]),
            ("strides", layer.stride),
            ("dilations", layer.dilation),
            ("group", (int)layer.groups));
    }

    public string Linear(string x, Parameter weight, Parameter bias) =>
        graph.Node("Gemm", [x, Weights(names[weight], weight), Weights(names[bias], bias)], ("transB", 1));

    public string Relu(string x) => graph.Node("Relu", [x]);

    public string LeakyRelu(string x, double slope) => graph.Node("LeakyRelu", [x], ("alpha", (float)slope));

    public string Normalize(string x, BatchNorm layer)
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

    public string NormalizeInstance(string x, int channels)
    {
        var values = new float[channels];
        var zeros = graph.Constant($"zeros_{channels}", values, channels);
        Array.Fill(values, 1);
        return graph.Node(
            "InstanceNormalization", [x, graph.Constant($"ones_{channels}", values, channels), zeros], ("epsilon", (float)InstanceNormalization.Epsilon));
    }

    public string Dropout(string x, double rate) => dropout is null ? x : dropout.OfChannels(x, rate, dimensions);

    public string DropoutOfValues(string x, double rate) => dropout is null ? x : dropout.OfValues(x, rate);

    public string MaxPool(string x, int kernel = 2, int stride = 2, int padding = 0) => graph.Node(
        "MaxPool", [x], ("kernel_shape", AlongSpace(kernel)), ("strides", AlongSpace(stride)), ("pads", (long[])[.. AlongSpace(padding), .. AlongSpace(padding)]));

    public string AveragePool(string x) => graph.Node("AveragePool", [x], ("kernel_shape", AlongSpace(2)), ("strides", AlongSpace(2)));

    public string MeanOverSpace(string x) => graph.Node(
        "ReduceMean", [x], ("axes", Enumerable.Range(2, dimensions).Select(axis => (long)axis).ToArray()), ("keepdims", 0));

    public string UpsampleTo(string x, string like)
    {
        var kept = Slice(graph.Node("Shape", [x]), 0, 2);
        var wanted = Slice(graph.Node("Shape", [like]), 2, 2 + dimensions);
        var sizes = graph.Node("Concat", [kept, wanted], ("axis", 0));
        return graph.Node("Resize", [x, "", "", sizes], ("mode", "linear"), ("coordinate_transformation_mode", "align_corners"));

        string Slice(string shape, long from, long to) =>
            graph.Node("Slice", [shape, Number(from), Number(to), Number(0)]);
    }

    public string UpsampleNearest(string x)
    {
        var scales = graph.Constant("twice", [1f, 1f, .. Enumerable.Repeat(2f, dimensions)], 2 + dimensions);
        return graph.Node(
            "Resize", [x, "", scales], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
    }

    public string Add(string x, string y) => graph.Node("Add", [x, y]);

    public string Subtract(string x, string y) => graph.Node("Sub", [x, y]);

    public string AddNumber(string x, double number) =>
        graph.Node("Add", [x, graph.Constant(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"float_{number}"), [(float)number])]);

    public string Multiply(string x, string y) => graph.Node("Mul", [x, y]);

    public string Concat(string x, string y) => graph.Node("Concat", [x, y], ("axis", 1));

    public string Sigmoid(string x) => graph.Node("Sigmoid", [x]);

    public string Softmax(string x) => graph.Node("Softmax", [x], ("axis", 1));

    public string DropChannels(string x, int count) => graph.Node("Slice", [x, Number(count), Number(long.MaxValue), Number(1)]);

    public string KeepChannels(string x, int count) => graph.Node("Slice", [x, Number(0), Number(count), Number(1)]);

    public string OverSpace(string x) => graph.Node(
        "Unsqueeze", [x, graph.Constant("space", [.. Enumerable.Range(2, dimensions).Select(axis => (long)axis)])]);

    public string DivideUnlessZero(string x, string divisor)
    {
        var isZero = graph.Node("Equal", [divisor, graph.Constant("zero", [0f])]);
        return graph.Node("Div", [x, graph.Node("Where", [isZero, graph.Constant("one", [1f]), divisor])]);
    }

    public string MaxOfSample(string like) => graph.Node("ReduceMax", [like], ("axes", Enumerable.Range(1, dimensions + 1).Select(axis => (long)axis).ToArray()), ("keepdims", 1));

    public string SumOfChannels(string like) => graph.Node("ReduceSum", [like, Number(1)], ("keepdims", 1));

    private long[] AlongSpace(int value) => [.. Enumerable.Repeat((long)value, dimensions)];

    private string Number(long value) => graph.Constant(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"number_{value}"), [value]);

    private string Weights(string name, Tensor tensor)
    {
        using var plain = tensor.detach().to(float32).cpu().contiguous();
        return graph.Constant(name, MemoryMarshal.Cast<byte, float>(plain.bytes), plain.shape);
    }
}
