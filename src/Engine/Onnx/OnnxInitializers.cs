using System.Text;
using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Onnx;

/// <summary>
/// The weights that an ONNX file keeps in its graph, by name. Only numbers are read: no node is run and no other file opened. Field
/// numbers as in onnx.proto.
/// </summary>
internal static class OnnxInitializers
{
    private const int ModelGraph = 7, GraphInitializer = 5;
    private const int Dims = 1, DataType = 2, FloatData = 4, Int32Data = 5, Int64Data = 7, Name = 8, RawData = 9, DoubleData = 10, ExternalData = 13, DataLocation = 14;
    private const int MostDimensions = 8;

    /// <summary>The types of numbers that weights and statistics have, by their code in the format.</summary>
    private static readonly Dictionary<ulong, (ScalarType Type, int Bytes)> Types = new()
    {
        [1] = (ScalarType.Float32, 4), [7] = (ScalarType.Int64, 8), [10] = (ScalarType.Float16, 2), [11] = (ScalarType.Float64, 8), [16] = (ScalarType.BFloat16, 2),
    };

    /// <summary>All initialisers of types that weights have, on the CPU; the caller disposes them.</summary>
    /// <param name="file">Content of the file.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="SegException"><c>OnnxModelInvalid</c>, <c>OnnxExternalData</c>.</exception>
    public static Dictionary<string, Tensor> Read(ReadOnlySpan<byte> file, string path)
    {
        NativePreflight.EnsureTorch();
        var result = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            var model = new ProtoReader(file);
            while (model.Next())
            {
                if (model.Field == ModelGraph) ReadGraph(model.Content, path, result);
            }

            if (result.Count == 0) throw new FormatException("it holds no weights");
            return result;
        }
        catch (Exception error) when (error is FormatException or DecoderFallbackException or SegException)
        {
            foreach (Tensor tensor in result.Values) tensor.Dispose();
            if (error is SegException) throw;
            throw new SegException("OnnxModelInvalid", SegErrorKind.InvalidData, $"'{path}' is not an ONNX file with weights: {error.Message}.",
                "Copy the file again, or export the model again.", path, error);
        }
    }

    private static void ReadGraph(ReadOnlySpan<byte> content, string path, Dictionary<string, Tensor> result)
    {
        var graph = new ProtoReader(content);
        while (graph.Next())
        {
            if (graph.Field != GraphInitializer) continue;
            if (ReadTensor(graph.Content, path, out string name) is { } tensor && !result.TryAdd(name, tensor))
            {
                tensor.Dispose();
                throw new FormatException($"it has '{name}' twice");
            }
        }
    }

    /// <summary>
    /// One initialiser; null where its numbers are of another type, or are written one by one as whole numbers or float64, which programs do
    /// with shapes and other small constants.
    /// </summary>
    private static Tensor? ReadTensor(ReadOnlySpan<byte> content, string path, out string name)
    {
        var tensor = new ProtoReader(content);
        var shape = new List<long>();
        ulong type = 0;
        bool external = false, listed = false;
        ReadOnlySpan<byte> bytes = default;
        name = "";
        while (tensor.Next())
        {
            switch (tensor.Field)
            {
                case Dims: AddSizes(shape, tensor.Content, tensor.Number); break;
                case DataType: type = tensor.Number; break;
                case Name: name = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(tensor.Content); break;
                case FloatData or RawData when !tensor.Content.IsEmpty: bytes = tensor.Content; break;
                case Int32Data or Int64Data or DoubleData: listed = true; break;
                case ExternalData: external = true; break;
                case DataLocation: external |= tensor.Number != 0; break;
            }
        }

        if (external) throw External(path, name);
        if (!Types.TryGetValue(type, out var kind) || (listed && bytes.IsEmpty)) return null;
        RequireSize(name, shape, kind.Bytes, bytes.Length);
        Tensor result = empty([.. shape], dtype: kind.Type, device: CPU);
        bytes.CopyTo(result.bytes);
        return result;
    }

    /// <summary>Sizes come one by one or as a packed list.</summary>
    private static void AddSizes(List<long> shape, ReadOnlySpan<byte> packed, ulong single)
    {
        if (packed.IsEmpty)
        {
            Add(single);
            return;
        }

        var sizes = new ProtoReader(packed);
        while (sizes.HasMore) Add(sizes.Varint());

        void Add(ulong size)
        {
            if (size > int.MaxValue || shape.Count == MostDimensions) throw new FormatException("it has a tensor of an impossible shape");
            shape.Add((long)size);
        }
    }

    private static void RequireSize(string name, List<long> shape, int elementBytes, long bytes)
    {
        Int128 expected = shape.Aggregate((Int128)elementBytes, (product, size) => Int128.Min(product * size, long.MaxValue));
        if (expected != bytes) throw new FormatException($"'{name}' of shape [{string.Join(',', shape)}] does not fit its {bytes} bytes");
    }

    private static SegException External(string path, string name) => new(
        "OnnxExternalData", SegErrorKind.NotSupported, $"'{path}' keeps '{name}' in another file, which is not read.",
        "Save the model as one file: onnx.save(onnx.load('model.onnx'), 'whole.onnx').", path);
}
