using System.Buffers;
using MedSeg.Engine.Data.Caching;
using MedSeg.Engine.Data.Filters;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Data.Sampling;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Loading;

/// <summary>
/// Turns the files of a source into samples: reads them, leaves slices out, runs what is deterministic once and keeps the result.
/// Safe to use from several threads.
/// </summary>
internal sealed class SampleMaker
{
    private readonly SourceReader _reader;
    private readonly LabelPlan _plan;
    private readonly PatchSettings _patches;
    private readonly IReadOnlyList<SegTransform> _once;
    private readonly ContentFilter _slices;
    private readonly ContentFilter _patchFilter;
    private readonly RoiFilter? _roi;
    private readonly SampleStore _store;
    private readonly bool _everyRater;
    private readonly bool _labelled;
    private readonly bool _soft;
    private readonly Action<string>? _warnOfEmptyRoi;

    /// <param name="part">training, validation or testing.</param>
    /// <param name="classifier">For filter_classification.</param>
    /// <exception cref="SegException">An error of the configuration.</exception>
    public SampleMaker(SegConfig config, string part, SampleStore store, ISliceClassifier? classifier, ISegObserver observer)
    {
        var loader = config.LoaderParameters;
        var pipeline = TransformPipeline.Create(config, part);
        _plan = LabelPlan.Of(loader);
        _patches = PatchSettings.Of(config);
        _slices = ContentFilter.OfSlices(loader.SliceFilterParams, part, classifier);
        _patchFilter = ContentFilter.OfPatches(loader.PatchFilterParams, part);
        _store = store;
        _everyRater = part == DatasetParts.Training;
        (_labelled, _soft) = (SampleBalance.NeedsLabels(config, part), loader.SoftGt);
        var usesRoi = loader.RoiParams.Suffix is not null && (pipeline.UsesRoi || loader.RoiParams.SliceFilterRoi is not null);
        _roi = usesRoi && !_patches.IsVolume ? RoiFilter.Of(loader.RoiParams, part) : null;
        _reader = new SourceReader(loader, _plan, usesRoi, observer.Warning);
        (_once, AtAccess) = Stages(pipeline, _patches);
        _warnOfEmptyRoi = pipeline.UsesRoi && _patches.IsVolume ? observer.Warning : null;
        if (pipeline.UsesRoi && !usesRoi)
            observer.Warning("transformation.ROICrop: there is no loader_parameters.roi_params.suffix, so that it crops around the middle of each image.");
    }

    /// <summary>The transforms that run each time a sample is taken.</summary>
    public IReadOnlyList<SegTransform> AtAccess { get; }

    /// <summary>K.</summary>
    public int Classes => _plan.Classes;

    /// <summary>Samples are volumes or patches of them.</summary>
    public bool IsVolume => _patches.IsVolume;

    /// <summary>The samples of a source, slices and then patches ascending.</summary>
    /// <exception cref="SegException">An error of a file or of its grid, <c>PatchTooLarge</c>, or of the store.</exception>
    public SampleEntry[] Make(SampleSource source, CancellationToken ct)
    {
        var stacks = _reader.Read(source, ct);
        var raw = new RawPlanes(stacks, _plan.Classes, _patches.IsVolume, _everyRater);
        var unlabelled = stacks.UnlabelledClasses;
        var entries = new List<SampleEntry>();
        for (var i = 0; i < raw.Count; i++)
        {
            ct.ThrowIfCancellationRequested();
            raw.Load(i);
            if (!raw.Roi.IsEmpty && !raw.Roi.ContainsAnyExcept(0f))
                _warnOfEmptyRoi?.Invoke($"'{source.Reference.Path}' has an empty region of interest: ROICrop takes the middle of the volume.");
            if (_patches.IsVolume || KeepsSlice(raw))
                Add(new SampleOrigin(source, _patches.IsVolume ? null : i) { UnlabelledClasses = unlabelled }, raw, entries);
        }

        return [.. entries];
    }

    /// <summary>
    /// What runs once per image: the load-time stage, and of the other stage everything up to its first random transform, unless
    /// samples are patches, on which that stage runs.
    /// </summary>
    private static (IReadOnlyList<SegTransform> Once, IReadOnlyList<SegTransform> AtAccess) Stages(TransformPipeline pipeline, PatchSettings patches)
    {
        var fixedOnes = patches.Length is null ? pipeline.AtAccess.TakeWhile(transform => !transform.IsRandom).Count() : 0;
        return ([.. pipeline.AtLoad, .. pipeline.AtAccess.Take(fixedOnes)], [.. pipeline.AtAccess.Skip(fixedOnes)]);
    }

    private bool KeepsSlice(RawPlanes raw) =>
        _slices.Keeps(raw.Input, raw.Target, raw.Info, _plan.Classes) && (_roi is null || raw.Roi.IsEmpty || _roi.Keeps(raw.Roi));

    private void Add(SampleOrigin origin, RawPlanes raw, List<SampleEntry> entries)
    {
        var drawn = TransformPipeline.Draw(_once, raw.Info, null, raw.Roi);
        SampleLimit.Require(drawn.Output.Size, raw.Info.Channels + ((long)raw.Raters * _plan.Classes), origin.Image.Path);
        var (from, to) = (raw.Info.Size.Count, drawn.Output.Size.Count);
        var planes = (raw.Info.Channels + (raw.Raters * _plan.Classes)) * to;
        var values = ArrayPool<float>.Shared.Rent(planes);
        try
        {
            var target = values.AsSpan(0, planes);
            for (var c = 0; c < raw.Info.Channels; c++, target = target[to..])
                drawn.Apply(raw.Input.Slice(c * from, from), target[..to], SampleKinds.Image, c);
            for (var p = 0; p < raw.Raters * _plan.Classes; p++, target = target[to..])
                drawn.Apply(raw.Target.Slice(p * from, from), target[..to], SampleKinds.Label, p % _plan.Classes);
            var unit = new SampleUnit(_store.Add(values.AsSpan(0, planes)), drawn.Output, raw.Raters);
            AddPatches(origin, unit, entries);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }

    private void AddPatches(SampleOrigin origin, SampleUnit unit, List<SampleEntry> entries)
    {
        var size = _patches.Length ?? unit.Info.Size;
        foreach (var corner in _patches.Corners(unit.Info.Size, origin.Image.Path))
        {
            var entry = new SampleEntry(unit, _patches.Length is null ? origin : origin with { Corner = corner }, size);
            if (!_patchFilter.IsOn || _patches.Length is null || KeepsPatch(entry))
                entries.Add(_labelled ? entry with { Label = LabelOf(entry) } : entry);
        }
    }

    private bool KeepsPatch(SampleEntry entry) => _patchFilter.Keeps(
        entry.ReadAll(0, entry.Unit.Info.Channels), Targets(entry), entry.Info, _plan.Classes);

    /// <summary>A class is there where any rater has it.</summary>
    private string LabelOf(SampleEntry entry)
    {
        var target = Targets(entry);
        var rater = _plan.Classes * entry.Size.Count;
        for (var i = rater; i < target.Length; i++)
            target[i % rater] = Math.Max(target[i % rater], target[i]);
        return SampleLabels.OfTarget(target.AsSpan(0, rater), entry.Size.Count, _soft);
    }

    private float[] Targets(SampleEntry entry) => entry.ReadAll(entry.Unit.Info.Channels, entry.Unit.Raters * _plan.Classes);
}
