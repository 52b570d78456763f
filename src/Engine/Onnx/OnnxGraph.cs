using System.Globalization;
using System.Runtime.InteropServices;

namespace MedSeg.Engine.Onnx;

/// <summary>
/// A graph in the ONNX format (IR 7, opset 13: read by every ONNX Runtime from 1.7 on), field numbers as in onnx.proto.
/// Values are named; nodes are added in an order in which each uses only what is there already.
/// </summary>
internal sealed class OnnxGraph
{
    private const int IrVersion = 7;
    private const int OpsetVersion = 13;
    private const int FloatType = 1;
    private const int Int64Type = 7;
    private const int BoolType = 9;

    private readonly List<ProtoMessage> _nodes = [];
    private readonly List<ProtoMessage> _inputs = [];
    private readonly List<ProtoMessage> _outputs = [];
    private readonly Dictionary<string, ProtoMessage> _constants = new(StringComparer.Ordinal);
    private int _names;

    /// <summary>A float input; a dimension is a number or the name of a dynamic one.</summary>
    public string Input(string name, params object[] shape)
    {
        _inputs.Add(ValueInfo(name, FloatType, shape));
        return name;
    }

    /// <summary>An input that is one yes or no, without axes.</summary>
    public string BoolInput(string name)
    {
        _inputs.Add(ValueInfo(name, BoolType, []));
        return name;
    }

    /// <summary>Declares a value as float output under a new name.</summary>
    public void Output(string value, string name, params object[] shape)
    {
        AddNode("Identity", name, [value], []);
        _outputs.Add(ValueInfo(name, FloatType, shape));
    }

    /// <summary>A float constant under a name of its own; the first one under a name wins.</summary>
    public string Constant(string name, ReadOnlySpan<float> values, params long[] shape) =>
        Constant(name, FloatType, MemoryMarshal.AsBytes(values), shape);

    /// <summary>A list of whole numbers.</summary>
    public string Constant(string name, ReadOnlySpan<long> values) =>
        Constant(name, Int64Type, MemoryMarshal.AsBytes(values), values.Length);

    /// <summary>A node with one output.</summary>
    /// <returns>The output's name.</returns>
    public string Node(string operation, ReadOnlySpan<string> inputs, params (string Name, object Value)[] attributes)
    {
        var output = string.Create(CultureInfo.InvariantCulture, $"{operation}_{_names++}");
        AddNode(operation, output, inputs, attributes);
        return output;
    }

    /// <summary>The whole file.</summary>
    public byte[] ToBytes(string name, string producer, string producerVersion, IReadOnlyDictionary<string, string> metadata)
    {
        var graph = new ProtoMessage();
        foreach (var node in _nodes)
            graph.Message(1, node);
        graph.Text(2, name);
        foreach (var constant in _constants.Values)
            graph.Message(5, constant);
        foreach (var input in _inputs)
            graph.Message(11, input);
        foreach (var output in _outputs)
            graph.Message(12, output);
        var model = new ProtoMessage().Integer(1, IrVersion).Text(2, producer).Text(3, producerVersion).Message(7, graph)
            .Message(8, new ProtoMessage().Text(1, "").Integer(2, OpsetVersion));
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            model.Message(14, new ProtoMessage().Text(1, key).Text(2, value));
        return model.ToArray();
    }

    private void AddNode(string operation, string output, ReadOnlySpan<string> inputs, (string Name, object Value)[] attributes)
    {
        var node = new ProtoMessage();
        foreach (var input in inputs)
            node.Text(1, input);
        node.Text(2, output).Text(3, "node_" + output).Text(4, operation);
        foreach (var (name, value) in attributes)
            node.Message(5, Attribute(name, value));
        _nodes.Add(node);
    }

    private string Constant(string name, int type, ReadOnlySpan<byte> bytes, params long[] shape)
    {
        if (_constants.ContainsKey(name))
            return name;
        var tensor = new ProtoMessage();
        foreach (var size in shape)
            tensor.Integer(1, size);
        _constants.Add(name, tensor.Integer(2, type).Text(8, name).Bytes(9, bytes.ToArray()));
        return name;
    }

    private static ProtoMessage Attribute(string name, object value)
    {
        const int typeField = 20;
        var attribute = new ProtoMessage().Text(1, name);
        switch (value)
        {
            case float number:
                return attribute.Float(2, number).Integer(typeField, 1);
            case int number:
                return attribute.Integer(3, number).Integer(typeField, 2);
            case string text:
                return attribute.Text(4, text).Integer(typeField, 3);
            case long[] numbers:
                foreach (var number in numbers)
                    attribute.Integer(8, number);
                return attribute.Integer(typeField, 7);
            default:
                throw new ArgumentException($"An attribute can't be a {value.GetType().Name}.", nameof(value));
        }
    }

    private static ProtoMessage ValueInfo(string name, int type, object[] shape)
    {
        var dimensions = new ProtoMessage();
        foreach (var size in shape)
            dimensions.Message(1, size is string symbol ? new ProtoMessage().Text(2, symbol) : new ProtoMessage().Integer(1, Convert.ToInt64(size, CultureInfo.InvariantCulture)));
        var tensor = new ProtoMessage().Integer(1, type).Message(2, dimensions);
        return new ProtoMessage().Text(1, name).Message(2, new ProtoMessage().Message(1, tensor));
    }
}
