using MedSeg.Engine.Data.Filters;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Packaging;

/// <summary>
/// The classifier of <c>filter_classification</c>: the file or packaged model that <c>classifier_path</c> names, or the copy in a packaged
/// model. One that was trained here prepares slices as its training did; any other sees them as they were read.
/// </summary>
internal sealed class SliceClassifier : ISliceClassifier, IDisposable
{
    private readonly OnnxClassifier _onnx;
    private readonly SlicePreparation? _preparation;

    private SliceClassifier(byte[] file, string path)
    {
        (Content, Sha256) = (file, Runtime.Sha256.OfBytes(file));
        _onnx = new OnnxClassifier(file, path);
        try
        {
            _preparation = SlicePreparation.Of(_onnx.Metadata, path);
        }
        catch (SegException)
        {
            _onnx.Dispose();
            throw;
        }
    }

    /// <summary>The file as it was read, for the package: the file itself may be another one when training ends.</summary>
    public byte[] Content { get; }

    /// <summary>SHA-256 of the file.</summary>
    public string Sha256 { get; }

    /// <summary>Loads it for training; null when slices are not filtered by one.</summary>
    /// <param name="location">Full path against which a relative path is meant; null takes the process directory.</param>
    /// <exception cref="SegException">See <see cref="OnnxClassifier(string)"/>.</exception>
    public static SliceClassifier? Of(SegConfig config, string? location)
    {
        if (config.LoaderParameters.SliceFilterParams is not { FilterClassification: true, ClassifierPath: { Length: > 0 } path })
            return null;
        string full = Path.GetFullPath(path, location ?? Environment.CurrentDirectory);
        if (Directory.Exists(full)) full = ModelPackage.Verified(full, files => files.Onnx);
        return new SliceClassifier(OnnxSession.ReadFile(full), full);
    }

    /// <summary>Loads it from a packaged model. One without it is a warning; the path in its configuration is that of another machine.</summary>
    /// <exception cref="SegException"><c>ModelDamaged</c>, or see <see cref="OnnxClassifier(string)"/>.</exception>
    public static SliceClassifier? OfModel(SegModel model, Action<string> warn)
    {
        if (!model.Config.LoaderParameters.SliceFilterParams.FilterClassification)
            return null;
        if (model.ClassifierSha256 is not { } expected)
        {
            warn($"{model.Name} was packaged without the classifier of filter_classification: no slice is left out by it.");
            return null;
        }

        string path = ModelPackage.ClassifierPath(model);
        byte[] file = OnnxSession.ReadFile(path);
        if (Runtime.Sha256.OfBytes(file) != expected)
            throw ModelPackage.Changed(path);
        return new SliceClassifier(file, path);
    }

    public double Probability(ReadOnlySpan<float> slice, SampleInfo sample)
    {
        if (_preparation is null) return _onnx.Probability(slice, sample.Size.H, sample.Size.W);
        var (values, size) = _preparation.Apply(slice, sample);
        return _onnx.Probability(values, size.H, size.W);
    }

    public void Dispose() => _onnx.Dispose();
}
