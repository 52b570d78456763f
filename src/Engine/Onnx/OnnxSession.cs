using System.Globalization;
using MedSeg.Engine.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MedSeg.Engine.Onnx;

/// <summary>
/// A loaded ONNX model that maps (N,C,H,W) to (N,K,H,W). Input and output are the caller's own memory, pinned while the model
/// runs: nothing is copied on the CPU. Loading takes tenths of a second, so keep a session for many images; several threads
/// may run one session.
/// </summary>
public sealed class OnnxSession : IDisposable
{
    private const int Axes = 4;
    private readonly InferenceSession _session;
    private readonly string _source;
    private readonly string _input;
    private readonly string _output;

    /// <summary>Loads a file.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="device">auto, cpu, cuda or cuda:N; auto takes the GPU when this flavour and machine have one.</param>
    /// <param name="threads">Threads for one run on the CPU; 0 takes the number of physical cores.</param>
    /// <exception cref="SegException"><c>FileNotFound</c>, <c>CannotRead</c>, <c>OnnxModelInvalid</c> or <c>DeviceUnavailable</c>.</exception>
    public OnnxSession(string path, string device = "cpu", int threads = 0)
        : this(ReadFile(path), path, device, threads)
    {
    }

    /// <summary>Loads a file's bytes.</summary>
    /// <exception cref="SegException"><c>OnnxModelInvalid</c> or <c>DeviceUnavailable</c>.</exception>
    public OnnxSession(byte[] model, string device = "cpu", int threads = 0)
        : this(model, "the model in memory", device, threads)
    {
    }

    private OnnxSession(byte[] model, string source, string device, int threads)
    {
        NativePreflight.EnsureOnnx();
        _source = source;
        using var options = OnnxOptions.Create(device, threads);
        try
        {
            _session = new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException error)
        {
            throw Invalid(error.Message, error);
        }

        try
        {
            (_input, InputChannels) = Single(_session.InputMetadata, "input");
            (_output, OutputChannels) = Single(_session.OutputMetadata, "output");
            Metadata = _session.ModelMetadata.CustomMetadataMap;
            MinimumSize = Metadata.TryGetValue(OnnxExporter.MinimumSizeKey, out var text)
                && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? Math.Max(1, size) : 1;
        }
        catch (SegException)
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>C, or −1 when the model takes any number.</summary>
    public int InputChannels { get; }

    /// <summary>K, or −1 when the model does not say.</summary>
    public int OutputChannels { get; }

    /// <summary>Smallest height and width of an image in pixels; 1 when the model does not say.</summary>
    public int MinimumSize { get; }

    /// <summary>Texts that the file carries: class names, preprocessing, threshold.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Runs the model.</summary>
    /// <param name="input">(N,C,H,W) row-major</param>
    /// <param name="output">(N,K,H,W) row-major; filled.</param>
    /// <exception cref="ArgumentException">A span does not have the size that the shape says.</exception>
    /// <exception cref="SegException"><c>NetworkInputShape</c> or <c>OnnxRunFailed</c>.</exception>
    public unsafe void Run(ReadOnlySpan<float> input, int n, int c, int h, int w, Span<float> output)
    {
        CheckImage(c, h, w);
        var pixels = checked((long)n * h * w);
        var k = OutputChannels >= 0 || pixels == 0 ? OutputChannels : (int)(output.Length / pixels);
        if (pixels <= 0 || input.Length != pixels * c || output.Length != pixels * k)
            throw new ArgumentException($"({n},{c},{h},{w}) → {k} classes needs {pixels * c} and {pixels * k} numbers, not {input.Length} and {output.Length}.");
        fixed (float* from = input)
        {
            fixed (float* to = output)
                Run((nint)from, [n, c, h, w], (nint)to, [n, k, h, w]);
        }
    }

    public void Dispose() => _session.Dispose();

    private void CheckImage(int c, int h, int w)
    {
        if ((InputChannels < 0 || c == InputChannels) && h >= MinimumSize && w >= MinimumSize)
            return;
        throw new SegException(
            "NetworkInputShape", SegErrorKind.InvalidArgument,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_source} takes images of {InputChannels} channels and at least {MinimumSize}×{MinimumSize} pixels; these have {c} channels and {h}×{w} pixels."),
            "Give the contrasts that the model was trained with, and check its crop size and resolution.");
    }

    private void Run(nint from, long[] inputShape, nint to, long[] outputShape)
    {
        using var inputValue = Wrap(from, inputShape);
        using var outputValue = Wrap(to, outputShape);
        using var options = new RunOptions();
        try
        {
            _session.Run(options, [_input], [inputValue], [_output], [outputValue]);
        }
        catch (OnnxRuntimeException error)
        {
            throw new SegException(
                "OnnxRunFailed", SegErrorKind.Device, $"{_source} failed on images ({string.Join(',', inputShape)}): {error.Message}",
                "Memory may be too short for the batch: use a smaller one.", _source, error);
        }
    }

    private static OrtValue Wrap(nint data, long[] shape)
    {
        var bytes = shape.Aggregate((long)sizeof(float), (product, size) => checked(product * size));
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, data, bytes);
    }

    private (string Name, int Channels) Single(IReadOnlyDictionary<string, NodeMetadata> values, string what)
    {
        if (values.Count != 1)
            throw Invalid($"it has {values.Count} {what}s instead of one");
        var (name, value) = values.First();
        if (!value.IsTensor || value.ElementDataType != TensorElementType.Float || value.Dimensions.Length != Axes)
            throw Invalid($"its {what} '{name}' is not a float tensor (batch,channels,height,width)");
        return (name, value.Dimensions[1]);
    }

    internal static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SegException("FileNotFound", SegErrorKind.NotFound, $"'{path}' does not exist.", "Check the path.", path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SegException(
                "CannotRead", SegErrorKind.Resource, $"'{path}' could not be read: {error.Message}", "Check the file's permissions.", path, error);
        }
    }

    private SegException Invalid(string reason, Exception? inner = null) => new(
        "OnnxModelInvalid", SegErrorKind.InvalidData, $"'{_source}' is not a segmentation model that can be used: {reason}.",
        "Copy the model again, or export it as a two-dimensional segmentation network.", _source, inner);
}
