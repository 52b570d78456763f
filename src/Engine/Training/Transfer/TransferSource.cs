using MedSeg.Engine.Configuration;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.Transfer;

/// <summary>The weights that a training begins with: a packaged model, a safetensors or an ONNX file.</summary>
/// <param name="Configured">As the configuration names it.</param>
/// <param name="Weights">Full path of the file with the weights; null where it is gone and a run is continued, which has them already.</param>
/// <param name="Sha256">Of that file.</param>
internal sealed record TransferSource(string Configured, string? Weights, string? Sha256)
{
    private const long LargestSafetensors = 1L << 33;
    private const string Onnx = ".onnx", Plain = ".safetensors";

    /// <summary>What the configuration asks for; null when it asks for none.</summary>
    /// <param name="request">A relative path is meant against its location.</param>
    /// <exception cref="SegException"><c>FileNotFound</c>, <c>TransferFormat</c>, <c>TransferTooLarge</c>, or an error of the packaged model.</exception>
    public static TransferSource? Of(SegConfig config, TrainingRequest request, ComponentCatalog catalog, ISegObserver observer, CancellationToken ct)
    {
        if (config.TrainingParameters.TransferLearning.RetrainModel is not { Length: > 0 } configured) return null;
        string path = Path.GetFullPath(configured, request.Location ?? Environment.CurrentDirectory);
        if (!Path.Exists(path))
        {
            if (!request.Resume) throw Gone(path);
            observer.Verbose($"'{path}' is gone; the run goes on without it, because its checkpoints hold all weights.");
            return new TransferSource(configured, null, null);
        }

        string weights = WeightsOf(path, catalog, observer.Warning, ct);
        return new TransferSource(configured, weights, Runtime.Sha256.OfFile(weights, ct));
    }

    /// <summary>All tensors of the file by name, on the CPU; the caller disposes them.</summary>
    /// <exception cref="SegException"><c>TransferChanged</c>, or what is wrong with the file.</exception>
    public Dictionary<string, Tensor> Read()
    {
        string path = Weights!;
        if (Path.GetExtension(path) != Onnx)
        {
            if (Runtime.Sha256.OfFile(path) != Sha256) throw Changed(path);
            return Safetensors.Read(path);
        }

        byte[] file = OnnxSession.ReadFile(path);
        return Runtime.Sha256.OfBytes(file) == Sha256 ? OnnxInitializers.Read(file, path) : throw Changed(path);
    }

    internal static SegException Gone(string path) => new(
        "FileNotFound", SegErrorKind.NotFound, $"training_parameters.transfer_learning.retrain_model: '{path}' does not exist.", "Check the path.", path);

    private static string WeightsOf(string path, ComponentCatalog catalog, Action<string> warn, CancellationToken ct)
    {
        if (Directory.Exists(path) || Path.GetFileName(path) == ModelManifest.FileName)
            return ModelPackage.WeightsPath(ModelPackage.Load(path, catalog, warn, ct));
        long most = Path.GetExtension(path) switch
        {
            Plain => LargestSafetensors,
            Onnx => Array.MaxLength,
            var ending => throw Format(path, ending),
        };
        long bytes = new FileInfo(path).Length;
        return bytes <= most ? path : throw new SegException(
            "TransferTooLarge", SegErrorKind.InvalidData, $"'{path}' has {bytes} bytes; at most {most} are read.", "Save the weights alone, without the state of an optimiser.", path);
    }

    private static SegException Format(string path, string ending) => new(
        "TransferFormat", SegErrorKind.NotSupported,
        ending is ".pt" or ".pth" or ".pkl" or ".ckpt" or ".bin" or ".tar"
            ? $"'{path}' is a Python pickle, which can run code when it is read; it is not opened."
            : $"'{path}' is neither a packaged model nor a {Plain} or {Onnx} file.",
        "Give the folder of a packaged model, or convert a file you trust in Python: m = torch.load('model.pt', map_location='cpu'); "
        + "d = m.state_dict() if hasattr(m, 'state_dict') else m; "
        + "safetensors.torch.save_file({k: v.clone().contiguous() for k, v in d.items()}, 'model.safetensors').",
        path);

    private static SegException Changed(string path) => new(
        "TransferChanged", SegErrorKind.InvalidData, $"'{path}' has changed since this training began.", "Start the training again.", path);
}
