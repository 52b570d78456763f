using System.Globalization;
using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Filters;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Inference;

/// <summary>A packaged model, loaded once and run on many volumes.</summary>
internal sealed class ModelRunner : IDisposable
{
    // Larger batches are no faster on a CPU and take much more memory.
    private const int LargestBatch = 4;
    private const int LargestBatchPixels = 1 << 20;

    private readonly OnnxSession _session;
    private readonly SegConfig _config;
    private readonly PatchSettings _patches;
    private readonly ISliceClassifier? _classifier;

    /// <param name="model">As loaded.</param>
    /// <param name="device">auto, cpu, cuda or cuda:N.</param>
    /// <param name="patches">How slices are cut; null takes what the configuration says.</param>
    /// <param name="classifier">For filter_classification; stays the caller's.</param>
    public ModelRunner(SegModel model, string device, PatchSettings? patches = null, ISliceClassifier? classifier = null)
    {
        _classifier = classifier;
        _patches = RequireSlices(patches ?? PatchSettings.Of(model.Config));
        var path = ModelPackage.OnnxPath(model);
        if (Sha256.OfFile(path) != model.Sha256)
            throw ModelPackage.Changed(path);

        _config = model.Config;
        Classes = model.Classes.Count;
        _session = new OnnxSession(path, device);
        if (_session.OutputChannels >= 0 && _session.OutputChannels != Classes)
        {
            _session.Dispose();
            throw new SegException(
                "ModelDamaged", SegErrorKind.InvalidData,
                $"'{path}' gives {_session.OutputChannels} classes where the model names {Classes}.", "Package the model again.", path);
        }

        if (_session.Task != NetworkTask.Segmentation)
        {
            _session.Dispose();
            throw new SegException(
                "NotSupportedYet", SegErrorKind.NotSupported, $"'{path}' classifies whole images, which prediction does not do yet.",
                "Use a model that segments.", path);
        }
    }

    /// <summary>K.</summary>
    public int Classes { get; }

    /// <summary>Slices or patches per batch for a number of pixels each.</summary>
    public static int BatchSize(int pixels) => Math.Clamp(LargestBatchPixels / pixels, 1, LargestBatch);

    /// <summary>Predicts a volume of one channel.</summary>
    /// <returns>Probabilities with K channels on the grid of the volume.</returns>
    public Volume Predict(Volume volume, Action<int, int> progress, CancellationToken ct) => Predict(
        new InputStacks("the image", [SliceStack.Of(volume, SliceLayout.Parse(_config.LoaderParameters.SliceAxis))], null), progress, ct);

    /// <summary>Predicts every slice that no filter on images rejects.</summary>
    /// <param name="input">The channels.</param>
    /// <param name="progress">Told the number of slices or patches done and of all after each batch.</param>
    /// <param name="ct">Looked at between batches.</param>
    /// <returns>Probabilities with K channels on the grid of the first channel.</returns>
    public Volume Predict(InputStacks input, Action<int, int> progress, CancellationToken ct)
    {
        var prepared = PreparedVolume.From(input.Channels, _config, _patches, input.Roi, input.Path, _classifier);
        RequireSize(prepared.Height, prepared.Width);
        var batch = BatchSize(prepared.Height * prepared.Width);
        using var batches = new InputBatches(prepared, Classes, batch);
        for (var b = 0; b < batches.Count; b++)
        {
            ct.ThrowIfCancellationRequested();
            batches.Run(b, (from, n, to) => _session.Run(from, n, prepared.Channels, prepared.Height, prepared.Width, to));
            progress(Math.Min((b + 1) * batch, prepared.Inputs), prepared.Inputs);
        }

        return batches.ToVolume();
    }

    public void Dispose() => _session.Dispose();

    private void RequireSize(int height, int width)
    {
        var minimum = int.TryParse(
            _session.Metadata.GetValueOrDefault(OnnxExporter.MinimumSizeKey), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 1;
        if (Math.Min(height, width) < minimum)
        {
            throw new SegException(
                "ImageTooSmall", SegErrorKind.InvalidData,
                $"The slices are {height}×{width} after resampling and cropping; the network needs at least {minimum}×{minimum}.",
                "Check the image's voxel size, or train with a CenterCrop, which pads small images.");
        }
    }

    private static PatchSettings RequireSlices(PatchSettings patches) => !patches.IsVolume
        ? patches
        : throw new SegException(
            "NotSupportedYet", SegErrorKind.NotSupported, "The model was trained on volumes (is_2d is false, or Modified3DUNet), with which prediction is not supported yet.",
            "Use a model that was trained on 2D slices or patches.", "default_model.is_2d");
}
