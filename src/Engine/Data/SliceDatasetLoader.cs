using System.Runtime.ExceptionServices;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data;

/// <summary>Builds a <see cref="SliceDataset"/> from files.</summary>
internal sealed class SliceDatasetLoader
{
    private const int MaximumWorkers = 8;

    private readonly TransformPipeline _pipeline;
    private readonly SliceFilter _filter;
    private readonly SliceAxis _axis;
    private readonly string[] _suffixes;
    private readonly bool _soft;
    private readonly string _part;
    private readonly ISegObserver _observer;
    private readonly CancellationToken _ct;

    public SliceDatasetLoader(SegConfig config, string part, ISegObserver o, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(o);
        var loader = config.LoaderParameters;
        _pipeline = TransformPipeline.Create(config, part);
        _filter = new SliceFilter(loader.SliceFilterParams, part != DatasetParts.Testing);
        _axis = SliceLayout.Parse(loader.SliceAxis);
        _suffixes = loader.TargetSuffix;
        _soft = loader.SoftGt;
        (_part, _observer, _ct) = (part, o, ct);
        if (_suffixes.Length == 0)
        {
            throw new SegException(
                "NoTargetSuffix", SegErrorKind.InvalidArgument, "loader_parameters.target_suffix is empty: there is nothing to learn.",
                "Name the label suffix of each class, for example _seg-manual.", "loader_parameters.target_suffix");
        }
    }

    public SliceDataset Load(IReadOnlyList<BidsImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var results = new LoadedImage?[images.Count];
        var done = 0;
        InParallel(images.Count, i =>
        {
            results[i] = TryLoad(images[i]);
            var finished = Interlocked.Increment(ref done);
            _observer.Progress(new SegProgress(
                0, $"Loading {_part} images", $"{finished} of {images.Count}", finished * 100 / images.Count, Completed: finished == images.Count));
        });

        var loaded = results.OfType<LoadedImage>().ToList();
        if (loaded.Count == 0)
            throw NoImage(images.Count);
        WarnOfMissingClasses(images);
        var slices = loaded.SelectMany(image => image.Slices).ToArray();
        if (slices.Length == 0)
            throw NoSlice(loaded.Count);
        var sample = CommonSize(loaded);
        _observer.Verbose($"{_part}: {slices.Length} slices of {sample.Size} from {loaded.Count} images.");
        return new SliceDataset(slices, _pipeline.AtAccess, sample, _suffixes.Length, _soft);
    }

    private sealed record LoadedImage(BidsImage Image, SampleInfo Sample, List<CachedSlice> Slices);

    private void InParallel(int count, Action<int> body)
    {
        try
        {
            var workers = Math.Min(Environment.ProcessorCount, MaximumWorkers);
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = _ct }, body);
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }

    private LoadedImage? TryLoad(BidsImage image)
    {
        try
        {
            return Load(image);
        }
        catch (Exception error) when (ImageFailure.Is(error))
        {
            _observer.Error(ImageFailure.Of(error, image.Path));
            return null;
        }
    }

    private LoadedImage Load(BidsImage image)
    {
        var stacks = ImageLoader.Read(image, _suffixes, _axis, _soft, _observer.Warning, _ct);
        var raw = stacks.Image.Sample;
        var drawn = TransformPipeline.Draw(_pipeline.AtLoad, raw, null);
        var plane = raw.Size.Count;
        var input = new float[plane * raw.Channels];
        var target = new float[plane * _suffixes.Length];
        var slices = new List<CachedSlice>(stacks.Image.Count);
        for (var i = 0; i < stacks.Image.Count; i++)
        {
            _ct.ThrowIfCancellationRequested();
            for (var c = 0; c < raw.Channels; c++)
                stacks.Image.CopySlice(c, i, input.AsSpan(c * plane, plane));
            for (var k = 0; k < _suffixes.Length; k++)
                stacks.Labels[k]?.CopySlice(0, i, target.AsSpan(k * plane, plane));
            if (_filter.Keeps(input, target, plane))
            {
                slices.Add(new CachedSlice(
                    Transformed(drawn, input, raw.Channels, SampleKinds.Image),
                    Transformed(drawn, target, _suffixes.Length, SampleKinds.Label),
                    new SliceOrigin(image, i)));
            }
        }

        return new LoadedImage(image, drawn.Output, slices);
    }

    private static float[] Transformed(DrawnPipeline drawn, float[] planes, int count, SampleKinds kind)
    {
        var (from, to) = (drawn.Input.Size.Count, drawn.Output.Size.Count);
        var result = new float[count * to];
        for (var c = 0; c < count; c++)
            drawn.Apply(planes.AsSpan(c * from, from), result.AsSpan(c * to, to), kind, c);
        return result;
    }

    private static SampleInfo CommonSize(List<LoadedImage> loaded)
    {
        var used = loaded.FindAll(image => image.Slices.Count > 0);
        var first = used[0];
        var other = used.Find(image => image.Sample.Size != first.Sample.Size);
        if (other is null)
            return first.Sample;
        throw new SegException(
            "SliceSizesDiffer", SegErrorKind.InvalidArgument,
            $"Slices must have one size, but those of {first.Image.RelativePath} are {first.Sample.Size} and those of "
            + $"{other.Image.RelativePath} are {other.Sample.Size} after the load-time transforms.",
            "Add CenterCrop to transformation, after Resample if there is one.", "transformation.CenterCrop");
    }

    private void WarnOfMissingClasses(IReadOnlyList<BidsImage> images)
    {
        foreach (var suffix in _part == DatasetParts.Testing ? [] : _suffixes)
        {
            var without = images.Where(image => !image.Labels.ContainsKey(suffix)).ToList();
            if (without.Count > 0)
            {
                _observer.Warning(
                    $"{_part}: {without.Count} of {images.Count} images have no label {suffix}; the class counts as absent there (first: {without[0].RelativePath}).");
            }
        }
    }

    private SegException NoImage(int asked) => new(
        "NoImageLoaded", SegErrorKind.InvalidData,
        asked == 0 ? $"There is no {_part} image." : $"None of the {asked} {_part} images could be read.",
        asked == 0 ? "Check the split and contrast_params." : "See the errors above: each names its file and what to do.", _part);

    private SegException NoSlice(int images) => new(
        "NoSliceLeft", SegErrorKind.InvalidData, $"loader_parameters.slice_filter_params leaves no slice of the {images} {_part} images.",
        "Turn off filter_empty_mask, filter_absent_class or filter_empty_input, or check that the labels are not empty.",
        "loader_parameters.slice_filter_params");
}
