using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Filters;

/// <summary>Which slices (as read) and which patches (after the load-time transforms) become samples.</summary>
/// <remarks>
/// Rules that look at labels hold for training and validation only: at test time they would hide slices that the network gets
/// wrong. Patches are never left out at test time, because every voxel needs a prediction.
/// </remarks>
internal sealed class ContentFilter
{
    /// <summary>A classifier's probability from which a slice is kept.</summary>
    private const double Accepted = 0.5;

    private readonly bool _emptyInput;
    private readonly bool _emptyMask;
    private readonly bool _absentClass;
    private readonly ISliceClassifier? _classifier;

    private ContentFilter(bool emptyInput, bool emptyMask, bool absentClass, ISliceClassifier? classifier) =>
        (_emptyInput, _emptyMask, _absentClass, _classifier) = (emptyInput, emptyMask, absentClass, classifier);

    /// <summary>Some rule is on.</summary>
    public bool IsOn => _emptyInput || _emptyMask || _absentClass || _classifier is not null;

    /// <summary><c>slice_filter_params</c>.</summary>
    /// <param name="part">training, validation or testing.</param>
    /// <param name="classifier">The classifier that <c>classifier_path</c> names.</param>
    /// <exception cref="SegException"><c>NoClassifier</c>: filter_classification is on and there is none.</exception>
    public static ContentFilter OfSlices(SliceFilterConfig config, string part, ISliceClassifier? classifier = null)
    {
        var labels = part != DatasetParts.Testing;
        if (config.FilterClassification && classifier is null)
        {
            throw new SegException(
                "NoClassifier", SegErrorKind.InvalidArgument, "loader_parameters.slice_filter_params.filter_classification needs a classifier.",
                "Give classifier_path, an ONNX file, or set filter_classification to false.", "loader_parameters.slice_filter_params.classifier_path");
        }

        return new ContentFilter(
            config.FilterEmptyInput, config.FilterEmptyMask && labels, config.FilterAbsentClass && labels, config.FilterClassification ? classifier : null);
    }

    /// <summary><c>patch_filter_params</c>: training and validation only.</summary>
    public static ContentFilter OfPatches(PatchFilterConfig config, string part)
    {
        var on = part != DatasetParts.Testing;
        return new ContentFilter(on && config.FilterEmptyInput, on && config.FilterEmptyMask, on && config.FilterAbsentClass, null);
    }

    /// <summary>Decides on one slice or patch.</summary>
    /// <param name="input">C planes of size.Count values.</param>
    /// <param name="target">R·K planes; a class is present where any rater has it.</param>
    /// <param name="sample">Grid and voxel size of a plane.</param>
    /// <param name="classes">K.</param>
    public bool Keeps(ReadOnlySpan<float> input, ReadOnlySpan<float> target, SampleInfo sample, int classes) =>
        LabelsSuffice(target, sample.Size.Count, classes) && !(_emptyInput && AnyIsConstant(input, sample.Size.Count)) && IsAccepted(input, sample);

    private bool LabelsSuffice(ReadOnlySpan<float> target, int plane, int classes)
    {
        if (!_emptyMask && !_absentClass)
            return true;
        var present = 0;
        for (var k = 0; k < classes; k++)
            present += IsPresent(target, plane, k, classes) ? 1 : 0;
        return !((_emptyMask && present == 0) || (_absentClass && present < classes));
    }

    private static bool IsPresent(ReadOnlySpan<float> target, int plane, int k, int classes)
    {
        for (var p = k; p < target.Length / plane; p += classes)
        {
            if (target.Slice(p * plane, plane).ContainsAnyExcept(0f))
                return true;
        }

        return false;
    }

    private static bool AnyIsConstant(ReadOnlySpan<float> input, int plane)
    {
        for (var c = 0; c < input.Length / plane; c++)
        {
            var channel = input.Slice(c * plane, plane);
            if (!channel.ContainsAnyExcept(channel[0]))
                return true;
        }

        return false;
    }

    private bool IsAccepted(ReadOnlySpan<float> input, SampleInfo sample)
    {
        var plane = sample.Size.Count;
        for (var c = 0; _classifier is not null && c < input.Length / plane; c++)
        {
            if (!(_classifier.Probability(input.Slice(c * plane, plane), sample) >= Accepted))
                return false;
        }

        return true;
    }
}
