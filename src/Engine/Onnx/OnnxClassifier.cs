using System.Globalization;
using MedSeg.Engine.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MedSeg.Engine.Onnx;

/// <summary>A loaded ONNX model that maps one image (1,1,H,W) to one probability. Several threads may use one.</summary>
public sealed class OnnxClassifier : IDisposable
{
    private const int Axes = 4;

    private readonly InferenceSession _session;
    private readonly string _path;
    private readonly string _input;
    private readonly int[] _shape;

    /// <summary>Loads a file.</summary>
    /// <param name="path">Full path.</param>
    /// <exception cref="SegException"><c>FileNotFound</c>, <c>CannotRead</c> or <c>OnnxModelInvalid</c>.</exception>
    public OnnxClassifier(string path)
        : this(OnnxSession.ReadFile(path), path)
    {
    }

    /// <summary>Loads a file's bytes.</summary>
    /// <param name="path">For messages.</param>
    /// <exception cref="SegException"><c>OnnxModelInvalid</c>.</exception>
    public OnnxClassifier(byte[] model, string path)
    {
        NativePreflight.EnsureOnnx();
        _path = path;
        using var options = OnnxOptions.Create("cpu", threads: 1);
        try
        {
            _session = new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException error)
        {
            throw Invalid(error.Message, error);
        }

        (_input, _shape) = (string.Empty, []);
        if (_session.InputMetadata.Count == 1 && _session.OutputMetadata.Count == 1
            && _session.InputMetadata.First() is { Value: { IsTensor: true } value } input
            && value.ElementDataType == TensorElementType.Float && value.Dimensions.Length == Axes && value.Dimensions[1] is 1 or <= 0
            && _session.OutputMetadata.First().Value is { IsTensor: true, ElementDataType: TensorElementType.Float })
        {
            (_input, _shape) = (input.Key, value.Dimensions);
            return;
        }

        _session.Dispose();
        throw Invalid("it does not map one float tensor (1,1,height,width) to one float tensor");
    }

    /// <summary>Texts that the file carries.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>The probability that the model gives an image.</summary>
    /// <param name="image">H·W values, row-major.</param>
    /// <exception cref="SegException"><c>ClassifierImageSize</c>, <c>ClassifierOutput</c> or <c>OnnxRunFailed</c>.</exception>
    public double Probability(ReadOnlySpan<float> image, int height, int width)
    {
        RequireSize(height, width);
        try
        {
            using var input = OrtValue.CreateTensorValueFromMemory(image.ToArray(), [1, 1, height, width]);
            using var options = new RunOptions();
            using var results = _session.Run(options, [_input], [input], _session.OutputNames);
            var values = results[0].GetTensorDataAsSpan<float>();
            return values is [>= 0 and <= 1] ? values[0] : throw Wrong(values);
        }
        catch (OnnxRuntimeException error)
        {
            throw new SegException(
                "OnnxRunFailed", SegErrorKind.InvalidData,
                string.Create(CultureInfo.InvariantCulture, $"{_path} failed on a slice of {height}×{width}: {error.Message}"),
                "Check that the classifier takes slices of any size.", _path, error);
        }
    }

    public void Dispose() => _session.Dispose();

    /// <summary>Dimensions that are free are not positive.</summary>
    private void RequireSize(int height, int width)
    {
        if ((_shape[2] <= 0 || _shape[2] == height) && (_shape[3] <= 0 || _shape[3] == width))
            return;
        throw new SegException(
            "ClassifierImageSize", SegErrorKind.InvalidArgument,
            string.Create(CultureInfo.InvariantCulture, $"'{_path}' classifies slices of {_shape[2]}×{_shape[3]} pixels; these have {height}×{width}."),
            "Export the classifier with free height and width, or bring the images to its size first.", _path);
    }

    private SegException Wrong(ReadOnlySpan<float> values) => new(
        "ClassifierOutput", SegErrorKind.InvalidData,
        values.Length == 1
            ? string.Create(CultureInfo.InvariantCulture, $"'{_path}' gives {values[0]}, which is no probability.")
            : string.Create(CultureInfo.InvariantCulture, $"'{_path}' gives {values.Length} numbers for a slice where one probability is needed."),
        "Export the classifier so that it ends in a sigmoid with one output: the probability that a slice is kept.", _path);

    private SegException Invalid(string reason, Exception? inner = null) => new(
        "OnnxModelInvalid", SegErrorKind.InvalidData, $"'{_path}' is not a classifier of slices: {reason}.",
        "Export a network from (batch,1,height,width) to one probability as ONNX.", _path, inner);
}
