using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Packaging;

/// <summary>Writes the network of a packaged model as an ONNX file of another kind, from the weights of the package.</summary>
internal static class ModelExporter
{
    /// <summary>Writes the file whole or not at all. What the package's own file says about itself is in the new one, too.</summary>
    /// <param name="model">As loaded; no ensemble.</param>
    /// <param name="path">Full path.</param>
    /// <param name="options">What the file can do.</param>
    /// <exception cref="SegException">
    /// <c>ModelIsEnsemble</c>, <c>OutputIsModel</c>: the folder is that of a packaged model; <c>NoDropout</c>, <c>ModelDamaged</c>, <c>DiskFull</c>, <c>CannotWrite</c>.
    /// </exception>
    public static void Write(SegModel model, string path, OnnxExportOptions options, CancellationToken ct)
    {
        if (model.Members.Count > 0)
        {
            throw new SegException(
                "ModelIsEnsemble", SegErrorKind.InvalidArgument, $"{model.Name} is an ensemble of {model.Members.Count} models.",
                "Export each of its Members to a file of its own.", model.Path);
        }

        if (Path.GetDirectoryName(path) is { } folder && ModelPackage.Exists(folder))
        {
            throw new SegException(
                "OutputIsModel", SegErrorKind.InvalidArgument, $"'{folder}' is a packaged model, which is not changed.", "Choose another folder.", path);
        }

        string onnx = ModelPackage.Verified(model.Path, files => files.Onnx, ct), weights = ModelPackage.Verified(model.Path, files => files.Weights, ct);
        using var plain = new OnnxSession(onnx);
        using var network = NetworkRegistry.Build(model.Config, new NetworkShape(plain.InputChannels, model.Classes.Count, model.Film?.Width ?? 0));
        Safetensors.LoadInto(weights, network);
        network.eval();
        ct.ThrowIfCancellationRequested();
        AtomicFile.WriteAllBytes(path, OnnxExporter.Export(network, new OnnxModelInfo(model.Name, model.Classes, plain.Metadata), options));
    }
}
