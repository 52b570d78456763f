using System.Globalization;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MedSeg.Engine.Onnx;

/// <summary>
/// A loaded ONNX model that maps (N,C,H,W) to (N,K,H,W), (N,C,H,W,D) to (N,K,H,W,D), or either to (N,K). Input and output are the caller's own memory, pinned while the model
/// runs: nothing is copied on the CPU. Loading takes tenths of a second, so keep a session for many images; several threads
/// may run one session.
/// </summary>
public sealed class OnnxSession : IDisposable
{
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
            var image = Image();
            (_input, InputChannels, Dimensions) = (image.Key, image.Value.Dimensions[1], image.Value.Dimensions.Length - 2);
            HasDropout = _session.InputMetadata.TryGetValue(OnnxExporter.DropoutName, out var dropout) && dropout.ElementDataType == TensorElementType.Bool;
            Inputs = [.. _session.InputMetadata.Where(i => i.Key != _input && !(HasDropout && i.Key == OnnxExporter.DropoutName)).Select(More)];
            (_output, OutputChannels, Task) = Output();
            Metadata = _session.ModelMetadata.CustomMetadataMap;
            Sizes = new InputSizes(Dimensions, Number(OnnxExporter.MinimumSizeKey), Number(OnnxExporter.SizeMultipleKey));
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

    /// <summary>Maps of classes, or one answer for the whole image.</summary>
    public NetworkTask Task { get; }

    /// <summary>2 for images, 3 for volumes.</summary>
    public int Dimensions { get; }

    /// <summary>What the model takes beyond the image; 0 wide where it takes any number.</summary>
    public IReadOnlyList<NetworkInput> Inputs { get; }

    /// <summary>Which sizes of images or volumes the model takes; any where it does not say.</summary>
    public InputSizes Sizes { get; }

    /// <summary>The model was exported with live dropout.</summary>
    public bool HasDropout { get; }

    /// <summary>Runs drop as in training; has no effect on a model without live dropout. Set it between runs.</summary>
    public bool Dropout { get; set; }

    /// <summary>Texts that the file carries: class names, preprocessing, threshold.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Runs a model that takes images alone.</summary>
    /// <param name="input">(N,C,H,W) row-major</param>
    /// <param name="output">(N,K,H,W) row-major; filled.</param>
    /// <exception cref="ArgumentException">A span does not have the size that the shape says.</exception>
    /// <exception cref="SegException"><c>NetworkInputShape</c>, <c>NetworkInputMissing</c> or <c>OnnxRunFailed</c>.</exception>
    public void Run(ReadOnlySpan<float> input, int n, int c, int h, int w, Span<float> output) => Run(input, [n, c, h, w], [], output);

    /// <summary>Runs the model.</summary>
    /// <param name="input">Row-major.</param>
    /// <param name="shape">(N,C,H,W) or (N,C,H,W,D)</param>
    /// <param name="more">(N,Width) row-major for each of <see cref="Inputs"/>, in their order.</param>
    /// <param name="output">(N,K,H,W) or (N,K,H,W,D) row-major, (N,K) of a model that classifies; filled.</param>
    /// <exception cref="ArgumentException">A span does not have the size that the shape says.</exception>
    /// <exception cref="SegException"><c>NetworkInputShape</c>, <c>NetworkInputMissing</c> or <c>OnnxRunFailed</c>.</exception>
    public unsafe void Run(ReadOnlySpan<float> input, ReadOnlySpan<long> shape, IReadOnlyList<float[]> more, Span<float> output)
    {
        ArgumentNullException.ThrowIfNull(more);
        CheckImage(shape);
        CheckMore(more, shape[0]);
        long[] inputShape = [.. shape];
        var pixels = inputShape[2..].Aggregate(inputShape[0], (product, side) => checked(product * side));
        long[] answers = Task == NetworkTask.Classification ? [] : inputShape[2..];
        var perClass = answers.Length == 0 ? inputShape[0] : pixels;
        var k = OutputChannels >= 0 || perClass == 0 ? OutputChannels : output.Length / perClass;
        if (pixels <= 0 || input.Length != pixels * shape[1] || output.Length != perClass * k)
        {
            throw new ArgumentException(
                $"({string.Join(',', inputShape)}) → {k} classes needs {pixels * shape[1]} and {perClass * k} numbers, not {input.Length} and {output.Length}.");
        }

        fixed (float* from = input)
        {
            fixed (float* to = output)
                Run((nint)from, inputShape, more, (nint)to, [inputShape[0], k, .. answers]);
        }
    }

    /// <summary>Runs a model that may take metadata or the availability of contrasts beside the image.</summary>
    /// <param name="input">Row-major.</param>
    /// <param name="shape">(N,C,H,W) or (N,C,H,W,D)</param>
    /// <param name="output">(N,K,H,W) or (N,K,H,W,D) row-major, (N,K) of a model that classifies; filled.</param>
    /// <param name="metadata">(N,M) row-major; empty for a model that takes none.</param>
    /// <param name="available">(N,C) row-major, 0 or 1; empty for a model that takes none.</param>
    /// <exception cref="ArgumentException">A span does not have the size that the shape says, or is not among the model's inputs.</exception>
    /// <exception cref="SegException"><c>NetworkInputShape</c>, <c>NetworkInputMissing</c> or <c>OnnxRunFailed</c>.</exception>
    public void Run(
        ReadOnlySpan<float> input, ReadOnlySpan<long> shape, Span<float> output, ReadOnlySpan<float> metadata, ReadOnlySpan<float> available = default)
    {
        var given = new Dictionary<string, float[]>(StringComparer.Ordinal);
        if (metadata.Length > 0)
            given.Add(NetworkInput.Metadata, metadata.ToArray());
        if (available.Length > 0)
            given.Add(NetworkInput.Available, available.ToArray());
        if (given.Keys.FirstOrDefault(name => Inputs.All(i => i.Name != name)) is { } unknown)
            throw new ArgumentException($"{_source} takes no '{unknown}'.", unknown);
        var missing = Inputs.FirstOrDefault(i => !given.ContainsKey(i.Name));
        if (missing is not null)
            throw Missing(missing.Name);
        Run(input, shape, [.. Inputs.Select(i => given[i.Name])], output);
    }

    public void Dispose() => _session.Dispose();

    private void CheckImage(ReadOnlySpan<long> shape)
    {
        if (shape.Length == Dimensions + 2 && (InputChannels < 0 || shape[1] == InputChannels) && Sizes.Fits(shape[2..]))
            return;
        throw new SegException(
            "NetworkInputShape", SegErrorKind.InvalidArgument,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_source} takes {(Dimensions == 2 ? "images" : "volumes")} of {InputChannels} channels and {Sizes}; these are ({string.Join(',', shape.ToArray())})."),
            "Give the contrasts that the model was trained with, and check its crop size and resolution.");
    }

    private void CheckMore(IReadOnlyList<float[]> more, long samples)
    {
        if (more.Count < Inputs.Count)
            throw Missing(Inputs[more.Count].Name);

        if (more.Count > Inputs.Count)
            throw new ArgumentException($"{_source} takes {Inputs.Count} inputs beside the image, not {more.Count}.", nameof(more));
        for (var i = 0; i < more.Count; i++)
        {
            if (more[i].Length == 0 || (Inputs[i].Width > 0 ? more[i].Length != samples * Inputs[i].Width : more[i].Length % samples != 0))
            {
                throw new SegException(
                    "NetworkInputShape", SegErrorKind.InvalidArgument,
                    $"{_source} takes {Inputs[i].Width} numbers of '{Inputs[i].Name}' for each of {samples} samples, not {more[i].Length} in all.",
                    "Give the numbers that the model was trained with.");
            }
        }
    }

    private void Run(nint from, long[] inputShape, IReadOnlyList<float[]> more, nint to, long[] outputShape)
    {
        var values = new List<OrtValue>();
        using var outputValue = Wrap(to, outputShape);
        using var options = new RunOptions();
        try
        {
            values.Add(Wrap(from, inputShape));
            foreach (var numbers in more)
                values.Add(OrtValue.CreateTensorValueFromMemory(numbers, [inputShape[0], numbers.Length / inputShape[0]]));
            if (HasDropout)
                values.Add(OrtValue.CreateTensorValueFromMemory<bool>([Dropout], []));
            string[] names = [_input, .. Inputs.Select(i => i.Name), .. HasDropout ? [OnnxExporter.DropoutName] : Array.Empty<string>()];
            _session.Run(options, names, values, [_output], [outputValue]);
        }
        catch (OnnxRuntimeException error)
        {
            throw new SegException(
                "OnnxRunFailed", SegErrorKind.Device, $"{_source} failed on images ({string.Join(',', inputShape)}): {error.Message}",
                "Memory may be too short for the batch: use a smaller one.", _source, error);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    private static OrtValue Wrap(nint data, long[] shape)
    {
        var bytes = shape.Aggregate((long)sizeof(float), (product, size) => checked(product * size));
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, data, bytes);
    }

    /// <summary>The first input, an image or a volume.</summary>
    private KeyValuePair<string, NodeMetadata> Image()
    {
        if (_session.InputMetadata.Count == 0)
            throw Invalid("it has no input");
        var first = _session.InputMetadata.First();
        return IsFloat(first.Value, 4) || IsFloat(first.Value, 5)
            ? first
            : throw Invalid($"its input '{first.Key}' is not a float tensor (batch,channels,height,width) or (batch,channels,height,width,depth)");
    }

    private NetworkInput More(KeyValuePair<string, NodeMetadata> input) => IsFloat(input.Value, 2)
        ? new NetworkInput(input.Key, Math.Max(0, input.Value.Dimensions[1]))
        : throw Invalid($"its input '{input.Key}' is not a float tensor (batch,numbers)");

    private (string Name, int Channels, NetworkTask Task) Output()
    {
        if (_session.OutputMetadata.Count != 1)
            throw Invalid($"it has {_session.OutputMetadata.Count} outputs instead of one");
        var (name, value) = _session.OutputMetadata.First();
        return IsFloat(value, Dimensions + 2) ? (name, value.Dimensions[1], NetworkTask.Segmentation)
            : IsFloat(value, 2) ? (name, value.Dimensions[1], NetworkTask.Classification)
            : throw Invalid($"its output '{name}' is not a float tensor with the axes of the input or (batch,classes)");
    }

    private static bool IsFloat(NodeMetadata value, int axes) =>
        value.IsTensor && value.ElementDataType == TensorElementType.Float && value.Dimensions.Length == axes;

    private int Number(string key) =>
        Metadata.TryGetValue(key, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Max(1, number) : 1;

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

    private SegException Missing(string name) => new(
        "NetworkInputMissing", SegErrorKind.InvalidArgument, $"{_source} takes '{name}' beside the image, and there is none.",
        "Give the numbers that the model was trained with.", _source);

    private SegException Invalid(string reason, Exception? inner = null) => new(
        "OnnxModelInvalid", SegErrorKind.InvalidData, $"'{_source}' is not a segmentation model that can be used: {reason}.",
        "Copy the model again, or export it as a segmentation network.", _source, inner);
}
