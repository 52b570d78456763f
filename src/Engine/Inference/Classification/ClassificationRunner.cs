using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Inference.Classification;

/// <summary>A packaged classifier, loaded once and run on many images.</summary>
internal sealed class ClassificationRunner : IDisposable
{
    private readonly OnnxSession _session;
    private readonly SegConfig _config;
    private readonly PatchSettings _patches;
    private readonly SliceClassifier? _filter;

    /// <param name="request">Its model, which is no ensemble, and how slices are cut.</param>
    /// <param name="warn">Told about a classifier of slices that is missing.</param>
    /// <exception cref="SegException"><c>ModelDamaged</c>, or an error of the model or device.</exception>
    public ClassificationRunner(PredictionRequest request, Action<string> warn)
    {
        var model = request.Model;
        (_config, Classes, _patches) = (model.Config, model.Classes.Count, PatchChoice.Of(request, _ => { }));
        var path = ModelPackage.OnnxPath(model);
        if (Sha256.OfFile(path) != model.Sha256)
            throw ModelPackage.Changed(path);
        _session = new OnnxSession(path, request.Device);
        try
        {
            if (_session.Task != NetworkTask.Classification || _session.OutputChannels != Classes || _session.Inputs.Count > 0 || _session.Dimensions != 2)
                throw NoClassifier(path, Classes);
            _filter = SliceClassifier.OfModel(model, warn);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>K.</summary>
    public int Classes { get; }

    /// <summary>
    /// Classifies every slice. A slice that is cut into patches holds what any of them holds; one that a filter on images rejects
    /// holds nothing.
    /// </summary>
    /// <param name="input">The channels.</param>
    /// <param name="progress">Told the number of slices or patches done and of all after each batch.</param>
    /// <param name="ct">Looked at between batches.</param>
    /// <returns>(D,K) probabilities of the D slices.</returns>
    /// <exception cref="SegException"><c>ImageTooSmall</c>, or an error of <see cref="PreparedVolume"/>.</exception>
    public float[] Run(InputStacks input, Action<int, int> progress, CancellationToken ct)
    {
        var prepared = PreparedVolume.From(input.Channels, _config, _patches, input.Roi, input.Path, _filter);
        RequireSize(prepared.Size, input.Path);
        var (h, w) = (prepared.Size.H, prepared.Size.W);
        var size = prepared.Channels * h * w;
        var batch = ModelRunner.BatchSize(h * w);
        var reader = prepared.NewReader();
        var (images, answers, result) = (new float[batch * size], new float[batch * Classes], new float[prepared.Slices * Classes]);
        for (var first = 0; first < prepared.Inputs; first += batch)
        {
            ct.ThrowIfCancellationRequested();
            var n = Math.Min(batch, prepared.Inputs - first);
            for (var i = 0; i < n; i++)
                reader.Copy(first + i, images.AsSpan(i * size, size));
            _session.Run(images.AsSpan(0, n * size), n, prepared.Channels, h, w, answers.AsSpan(0, n * Classes));
            for (var i = 0; i < n * Classes; i++)
            {
                ref var known = ref result[(prepared.InputAt(first + (i / Classes)).Unit * Classes) + (i % Classes)];
                known = Math.Max(known, answers[i]);
            }

            progress(first + n, prepared.Inputs);
        }

        return result;
    }

    public void Dispose()
    {
        _session.Dispose();
        _filter?.Dispose();
    }

    private void RequireSize(GridSize size, string path)
    {
        if (_session.Sizes.Fits([size.H, size.W]))
            return;
        throw new SegException(
            "ImageTooSmall", SegErrorKind.InvalidData,
            $"The slices are {size} after resampling and cropping; the network needs {_session.Sizes}.",
            "Check the image's voxel size, or train with a CenterCrop, which pads small images.", path);
    }

    private static SegException NoClassifier(string path, int classes) => new(
        "ModelDamaged", SegErrorKind.InvalidData, $"'{path}' does not answer for each slice whether it holds the {classes} classes that the model names.",
        "Package the model again.", path);
}
