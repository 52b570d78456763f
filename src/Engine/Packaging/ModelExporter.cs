using MedSeg.Engine.Configuration.Checks;
using MedSeg.Engine.Data;
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
        RequireWeights(model.Config, weights);
        using var network = NetworkRegistry.Build(model.Config, new NetworkShape(ChannelGroups.ChannelCount(model.Config), model.Classes.Count, model.Film?.Width ?? 0));
        Safetensors.LoadInto(weights, network);
        network.eval();
        ct.ThrowIfCancellationRequested();
        AtomicFile.WriteAllBytes(path, OnnxExporter.Export(network, new OnnxModelInfo(model.Name, model.Classes, plain.Metadata), options));
    }

    /// <summary>
    /// A U-Net is as large as its configuration says, which may be made up: the weights of one convolution of a wide level must fit into
    /// the file before any is asked for.
    /// </summary>
    private static void RequireWeights(SegConfig config, string weights)
    {
        var facts = new ConfigFacts(config);
        if (!facts.UsesModified3DUnet && facts.Network is not ("Unet" or "FiLMedUnet" or "HeMISUnet")) return;
        long widest = (long)(facts.UsesModified3DUnet ? config.Modified3DUnet.NFilters : config.DefaultModel.NFilters) << (facts.Depth - 1);
        if (9 * widest * widest * sizeof(float) <= new FileInfo(weights).Length) return;
        throw new SegException(
            "ModelDamaged", SegErrorKind.InvalidData, $"'{weights}' is too small for the network that the model's configuration describes.",
            "Copy the whole model folder again from where it was trained, or train again.", weights);
    }
}
