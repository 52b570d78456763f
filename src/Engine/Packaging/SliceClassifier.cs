using MedSeg.Engine.Data.Filters;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Packaging;

/// <summary>The classifier that <c>classifier_path</c> names.</summary>
internal sealed class SliceClassifier : ISliceClassifier, IDisposable
{
    private readonly OnnxClassifier _onnx;

    private SliceClassifier(OnnxClassifier onnx) => _onnx = onnx;

    /// <summary>Loads it; null when slices are not filtered by one.</summary>
    /// <param name="location">Full path against which a relative path is meant; null takes the process directory.</param>
    /// <exception cref="SegException">See <see cref="OnnxClassifier(string)"/>.</exception>
    public static SliceClassifier? Of(SegConfig config, string? location)
    {
        SliceFilterConfig filter = config.LoaderParameters.SliceFilterParams;
        return filter is { FilterClassification: true, ClassifierPath: { Length: > 0 } path }
            ? new SliceClassifier(new OnnxClassifier(Path.GetFullPath(path, location ?? Environment.CurrentDirectory)))
            : null;
    }

    /// <summary>As <see cref="Of"/>, for a model that was trained elsewhere: a classifier that is not here is a warning.</summary>
    public static SliceClassifier? OfModel(SegConfig config, string? location, Action<string> warn)
    {
        try
        {
            return Of(config, location);
        }
        catch (SegException missing) when (missing.Kind == SegErrorKind.NotFound)
        {
            warn($"loader_parameters.slice_filter_params.classifier_path: {missing.Message} No slice is left out by filter_classification.");
            return null;
        }
    }

    public double Probability(ReadOnlySpan<float> slice, GridSize size) => _onnx.Probability(slice, size.H, size.W);

    public void Dispose() => _onnx.Dispose();
}
