using MedSeg.Engine.Data.Caching;
using MedSeg.Engine.Data.Filters;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Loading;

/// <summary>Loads the sources of one part: one bad image is one error and the rest goes on. Safe to use from several threads.</summary>
internal sealed class SampleLoading : ISampleSupply
{
    /// <summary>Images may be read while a training shows its own bars, 0 and 1.</summary>
    private const int Bar = 2;

    private readonly IReadOnlyList<SampleSource> _sources;
    private readonly SegConfig _config;
    private readonly string _part;
    private readonly ISegObserver _observer;
    private readonly SampleMaker _maker;
    private readonly bool[] _failed;
    private readonly Lock _gate = new();
    private int _shown;

    /// <exception cref="SegException">An error of the configuration, or <c>NoImageLoaded</c>: there are no sources.</exception>
    public SampleLoading(
        IReadOnlyList<SampleSource> sources, SegConfig config, string part, SampleStore store, ISliceClassifier? classifier, ISegObserver observer)
    {
        (_sources, _config, _part, _observer) = (sources, config, part, observer);
        _maker = new SampleMaker(config, part, store, classifier, observer);
        _failed = new bool[sources.Count];
        if (sources.Count == 0)
        {
            throw new SegException(
                "NoImageLoaded", SegErrorKind.InvalidData, $"There is no {part} image.", "Check the split and contrast_params.", part);
        }

        if (part != DatasetParts.Testing)
            SourceLabels.WarnOfMissing(sources, LabelPlan.Of(config.LoaderParameters), config.LoaderParameters, part, observer.Warning);
    }

    public SampleRecipe Recipe => new(_sources[0].ChannelCount, _maker.Classes, _maker.IsVolume, _maker.AtAccess)
    {
        TellsAvailable = MissingContrasts.Allowed(_config),
        Hiding = _part == DatasetParts.Training ? MissingContrasts.Of(_config) : null,
        Soft = _config.LoaderParameters.SoftGt,
        Dropout = _config.LoaderParameters.IsInputDropout && _part == DatasetParts.Training && _sources[0].ChannelCount > 1,
    };

    public SampleEntry[] Make(int source, CancellationToken ct)
    {
        try
        {
            return _maker.Make(_sources[source], ct);
        }
        catch (Exception error) when (ImageFailure.Is(error))
        {
            _failed[source] = true;
            _observer.Error(ImageFailure.Of(error, _sources[source].Reference.Path));
            return [];
        }
    }

    public void Report(int done) => Show(done, $"{done} of {_sources.Count}");

    /// <summary>Takes the bar away when the images are not read to the end.</summary>
    public void Close() => Show(_sources.Count, "Stopped");

    public SegException? Conclude(SampleEntry[][] samples)
    {
        var failed = _failed.Count(failed => failed);
        var entries = samples.SelectMany(source => source).ToList();
        if (failed == _sources.Count)
        {
            return new SegException(
                "NoImageLoaded", SegErrorKind.InvalidData, $"None of the {failed} {_part} images could be read.",
                "See the errors above: each names its file and what to do.", _part);
        }

        if (entries.Count == 0)
        {
            return new SegException(
                "NoSampleLeft", SegErrorKind.InvalidData,
                $"The filters of loader_parameters leave nothing of the {_sources.Count - failed} {_part} images.",
                "Turn off filter_empty_mask, filter_absent_class, filter_empty_input, filter_classification or slice_filter_roi, or check that the labels are not empty.",
                "loader_parameters.slice_filter_params");
        }

        var other = entries.Find(entry => entry.Size != entries[0].Size);
        if (other is not null)
            return SizesDiffer(entries[0], other);
        _observer.Verbose($"{_part}: {entries.Count} samples of {entries[0].Size} from {_sources.Count - failed} images.");
        return null;
    }

    /// <summary>The error of samples that do not fit into one batch.</summary>
    public static SegException SizesDiffer(SampleEntry one, SampleEntry other) => new(
        "SampleSizesDiffer", SegErrorKind.InvalidArgument,
        $"Samples must have one size, but those of {one.Origin.Image.RelativePath} are {one.Size} and those of "
        + $"{other.Origin.Image.RelativePath} are {other.Size} after the load-time transforms.",
        "Add CenterCrop to transformation, after Resample if there is one.", "transformation.CenterCrop");

    /// <summary>Threads may come out of order; a bar never goes back, so that the last record is the one that closes it.</summary>
    private void Show(int done, string status)
    {
        lock (_gate)
        {
            if (done <= _shown)
                return;
            _shown = done;
            _observer.Progress(new SegProgress(
                Bar, $"Loading {_part} images", status, (int)(done * 100L / _sources.Count), Completed: done == _sources.Count));
        }
    }
}
