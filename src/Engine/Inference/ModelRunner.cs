using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Film;
using MedSeg.Engine.Data.Filters;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Inference;

/// <summary>A packaged model, loaded once and run on many volumes.</summary>
internal sealed class ModelRunner : IDisposable
{
    // Larger batches are no faster on a CPU and take much more memory.
    private const int LargestBatch = 4;
    private const int LargestBatchVoxels = 1 << 20;

    private readonly OnnxSession _session;
    private readonly SegConfig _config;
    private readonly bool _bearsMissing;
    private readonly PatchSettings _patches;
    private readonly ISliceClassifier? _classifier;
    private readonly SegFilm? _film;
    private readonly Action<string> _warn;

    /// <param name="model">As loaded.</param>
    /// <param name="device">auto, cpu, cuda or cuda:N.</param>
    /// <param name="patches">How slices or volumes are cut; null takes what the configuration says.</param>
    /// <param name="classifier">For filter_classification; stays the caller's.</param>
    /// <param name="warn">Told about categories that the model does not know.</param>
    public ModelRunner(
        SegModel model, string device, PatchSettings? patches = null, ISliceClassifier? classifier = null, Action<string>? warn = null)
    {
        (_classifier, _film, _warn) = (classifier, model.Film, warn ?? (_ => { }));
        _patches = patches ?? PatchSettings.Of(model.Config);
        var path = ModelPackage.OnnxPath(model);
        if (Sha256.OfFile(path) != model.Sha256)
            throw ModelPackage.Changed(path);

        _config = model.Config;
        _bearsMissing = MissingContrasts.Allowed(_config);
        Classes = model.Classes.Count;
        _session = new OnnxSession(path, device);
        try
        {
            RequireFit(path);
        }
        catch (SegException)
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>K.</summary>
    public int Classes { get; }

    /// <summary>Slices, volumes or patches per batch for a number of pixels or voxels each.</summary>
    public static int BatchSize(int voxels) => Math.Clamp(LargestBatchVoxels / voxels, 1, LargestBatch);

    /// <summary>Predicts a volume of one channel.</summary>
    /// <returns>Probabilities with K channels on the grid of the volume.</returns>
    public Volume Predict(Volume volume, Action<int, int> progress, CancellationToken ct) => Predict(
        new InputStacks("the image", [SliceStack.Of(volume, SliceLayout.Parse(_config.LoaderParameters.SliceAxis))], null), progress, ct);

    /// <summary>Predicts every slice that no filter on images rejects, or the volume.</summary>
    /// <param name="input">The channels.</param>
    /// <param name="progress">Told the number of slices, volumes or patches done and of all after each batch.</param>
    /// <param name="ct">Looked at between batches.</param>
    /// <returns>Probabilities with K channels on the grid of the first channel.</returns>
    public Volume Predict(InputStacks input, Action<int, int> progress, CancellationToken ct)
    {
        var prepared = PreparedVolume.From(input.Channels, _config, _patches, input.Roi, input.Path, _classifier);
        var size = prepared.Size;
        RequireSize(size);
        var shape = Sides(size);
        var batch = BatchSize(size.Count);
        using var batches = new InputBatches(prepared, Classes, batch, input.Path);
        var metadata = MetadataOf(input, batch);
        var channels = _bearsMissing ? ChannelGroups.ChannelCount(_config) : prepared.Channels;
        var slots = new ContrastSlots(input.Slots, channels);
        for (var b = 0; b < batches.Count; b++)
        {
            ct.ThrowIfCancellationRequested();
            batches.Run(b, (from, n, to) => _session.Run(
                slots.Spread(from, n), [n, channels, .. shape], to, metadata.AsSpan(0, n * metadata.Length / batch), _bearsMissing ? slots.Available(n) : []));
            progress(Math.Min((b + 1) * batch, prepared.Inputs), prepared.Inputs);
        }

        return batches.ToVolume();
    }

    public void Dispose() => _session.Dispose();

    /// <summary>(batch,M): the numbers of FiLM for each sample of a batch, all of one image; empty for other networks.</summary>
    private float[] MetadataOf(InputStacks input, int batch)
    {
        if (_film is null)
            return [];
        var row = FilmEncoder.Encode(_film, input.Film, (part, value) => _warn(FilmInputs.Unknown(input.Path, part, value)));
        return [.. Enumerable.Repeat(row, batch).SelectMany(numbers => numbers)];
    }

    /// <summary>What is wrong whatever the images are, so that nothing is written before it is known.</summary>
    private void RequireFit(string path)
    {
        if (_session.OutputChannels >= 0 && _session.OutputChannels != Classes)
        {
            throw new SegException(
                "ModelDamaged", SegErrorKind.InvalidData,
                $"'{path}' gives {_session.OutputChannels} classes where the model names {Classes}.", "Package the model again.", path);
        }

        if ((_session.Inputs.FirstOrDefault(input => input.Name == NetworkInput.Metadata)?.Width ?? 0) != (_film?.Width ?? 0))
        {
            throw new SegException(
                "ModelDamaged", SegErrorKind.InvalidData,
                $"'{path}' does not take the {_film?.Width ?? 0} numbers of metadata that the model's other files speak of.", "Package the model again.", path);
        }

        if (_session.Task != NetworkTask.Segmentation)
        {
            throw new SegException(
                "ModelDamaged", SegErrorKind.InvalidData, $"'{path}' classifies whole images where the model's other files speak of masks.",
                "Package the model again.", path);
        }

        if (_session.Inputs.Any(input => input.Name == NetworkInput.Available) != _bearsMissing)
        {
            throw new SegException(
                "ModelDamaged", SegErrorKind.InvalidData,
                $"'{path}' {(_bearsMissing ? "does not ask" : "asks")} which contrasts an image has, and its configuration is of {(_bearsMissing ? "HeMISUnet" : "another network")}.",
                "Package the model again.", path);
        }

        if (_session.Dimensions != (_patches.IsVolume ? 3 : 2))
        {
            throw new SegException(
                "ModelDamaged", SegErrorKind.InvalidData,
                $"'{path}' takes {(_session.Dimensions == 3 ? "volumes" : "slices")} where the model's configuration makes {(_patches.IsVolume ? "volumes" : "slices")} of images.",
                "Package the model again.", path);
        }

        if (_patches.Length is { } length && !_session.Sizes.Fits(Sides(length)))
            throw PatchSettings.Unsuited(_patches.Key, length, _session.Sizes.ToString());
    }

    private long[] Sides(GridSize size) => _patches.IsVolume ? [size.H, size.W, size.D] : [size.H, size.W];

    private void RequireSize(GridSize size)
    {
        if (!_session.Sizes.Fits(Sides(size)))
        {
            throw new SegException(
                _patches.IsVolume ? "VolumeSizeUnsuited" : "ImageTooSmall", SegErrorKind.InvalidData,
                $"The {(_patches.IsVolume ? "volume is" : "slices are")} {size} after resampling and cropping; the network needs {_session.Sizes}.",
                _patches.IsVolume
                    ? "Leave out NoPatch if the model was trained on patches, check the image's voxel size, or train with a CenterCrop, which pads small images."
                    : "Check the image's voxel size, or train with a CenterCrop, which pads small images.");
        }
    }
}
