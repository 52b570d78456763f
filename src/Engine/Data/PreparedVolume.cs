using MedSeg.Engine.Data.Filters;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data;

/// <summary>
/// A volume ready for prediction: turned to RAS+, transformed as configured for testing, slice by slice or as a whole, and cut into
/// patches. The network's inputs are made when they are asked for. Safe to read from several threads, each with its own reader.
/// </summary>
/// <remarks>
/// A unit is what the load-time transforms see: each slice, or the volume as the only one. Slices that a filter on images rejects are no
/// inputs: their prediction is 0. Filters on labels and on the region of interest are not for prediction: they would hide what the
/// network gets wrong.
/// </remarks>
public sealed class PreparedVolume
{
    private readonly SliceStack[] _channels;
    private readonly SliceStack? _roi;
    private readonly TransformPipeline _pipeline;
    private readonly DrawnPipeline _load;
    private readonly DrawnPipeline?[] _loads;
    private readonly DrawnPipeline _access;
    private readonly IReadOnlyList<PatchCorner> _corners;
    private readonly int[] _kept;

    private PreparedVolume(
        SliceStack[] channels, SegConfig config, PatchSettings patches, SliceStack? roi, string image, ISliceClassifier? classifier)
    {
        (_channels, _roi, Patches) = (channels, roi, patches);
        _pipeline = TransformPipeline.Create(config, DatasetParts.Testing);
        var unit = patches.IsVolume ? channels[0].Whole : channels[0].Sample;
        _load = TransformPipeline.Draw(_pipeline.AtLoad, unit with { Channels = channels.Length }, null);
        SampleLimit.Require(_load.Output.Size, channels.Length, image);
        _loads = new DrawnPipeline?[roi is not null && _pipeline.UsesRoi ? Units : 0];
        _corners = patches.Corners(_load.Output.Size, image);
        var sample = _load.Output with { Size = patches.Length ?? _load.Output.Size };
        _access = TransformPipeline.Draw(_pipeline.AtAccess, sample, null);
        _kept = Kept(config.LoaderParameters.SliceFilterParams, classifier);
        if ((long)_kept.Length * _corners.Count > int.MaxValue)
        {
            throw new SegException(
                "PatchesTooMany", SegErrorKind.InvalidArgument, $"'{image}' has {_kept.Length} slices of {_corners.Count} patches each, more than can be counted.",
                "Let patches overlap less.", image);
        }
    }

    /// <summary>Number of slices D of the volume.</summary>
    public int Slices => _channels[0].Count;

    /// <summary>How slices or the volume are cut into patches.</summary>
    public PatchSettings Patches { get; }

    /// <summary>Inputs per unit: 1, or the number of patches.</summary>
    public int PatchesPerUnit => _corners.Count;

    /// <summary>Number of inputs: those of one unit lie together, slices ascend.</summary>
    public int Inputs => _kept.Length * _corners.Count;

    /// <summary>Channels C of each input.</summary>
    public int Channels => _channels.Length;

    /// <summary>Rows, columns and, of volumes, depth of each input.</summary>
    public GridSize Size => _access.Output.Size;

    /// <summary>Units after the load-time transforms, before they are cut into patches.</summary>
    internal GridSize LoadedSize => _load.Output.Size;

    private int Units => Patches.IsVolume ? 1 : Slices;

    /// <summary>Prepares whole slices of one channel as the configuration's transforms for testing say.</summary>
    /// <exception cref="SegException">An error of the configuration or of the volume's affine.</exception>
    public static PreparedVolume From(Volume volume, SegConfig config)
    {
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(config);
        return From([SliceStack.Of(volume, SliceLayout.Parse(config.LoaderParameters.SliceAxis))], config, PatchSettings.Of(config) with { Length = null });
    }

    /// <summary>Prepares co-registered channels.</summary>
    /// <param name="channels">On one grid, in the order of the network's channels; results lie on the grid of the first.</param>
    /// <param name="patches">Without a length slices, or the volume, are taken whole.</param>
    /// <param name="roi">The region of interest on the same grid, or null; ROICrop then takes the middle.</param>
    /// <param name="image">Path, for messages.</param>
    /// <param name="classifier">For filter_classification; without it the filter leaves out nothing.</param>
    /// <exception cref="SegException">An error of the configuration, <c>PatchTooLarge</c>, <c>PatchesTooMany</c> or <c>SampleTooLarge</c>.</exception>
    internal static PreparedVolume From(
        IReadOnlyList<SliceStack> channels, SegConfig config, PatchSettings patches, SliceStack? roi = null, string image = "the image",
        ISliceClassifier? classifier = null) => new([.. channels], config, patches, roi, image, classifier);

    /// <summary>The unit and the patch of it that an input is.</summary>
    public (int Unit, int Patch) InputAt(int index) => (_kept[index / _corners.Count], index % _corners.Count);

    /// <summary>Starts to make inputs.</summary>
    public InputReader NewReader() => new(this);

    /// <summary>Starts to put predictions back onto the volume's grid.</summary>
    /// <param name="classes">K.</param>
    public VolumeRestorer NewRestorer(int classes) => new(this, classes);

    internal PatchCorner CornerOf(int patch) => _corners[patch];

    /// <summary>Reads one channel of one unit after the load-time transforms.</summary>
    internal void CopyLoaded(int channel, int unit, Span<float> raw, Span<float> loaded)
    {
        CopyRaw(_channels[channel], unit, raw);
        LoadOf(unit).Apply(raw, loaded, SampleKinds.Image, channel);
    }

    internal int RawCount => _load.Input.Size.Count;

    internal void Access(int channel, ReadOnlySpan<float> source, Span<float> destination) =>
        _access.Apply(source, destination, SampleKinds.Image, channel);

    internal void UndoAccess(ReadOnlySpan<float> probabilities, Span<float> destination) => _access.Undo(probabilities, destination);

    internal int AccessCount => _access.Input.Size.Count;

    /// <summary>Undoes the load-time transforms of one class of one unit: linear interpolation, 0 where nothing was predicted.</summary>
    internal void UndoLoad(int unit, ReadOnlySpan<float> loaded, Span<float> raw, Volume ras, int k)
    {
        LoadOf(unit).Undo(loaded, raw);
        if (Patches.IsVolume)
            _channels[0].SetVolume(raw, ras, k);
        else
            _channels[0].SetSlice(raw, ras, k, unit);
    }

    internal Volume NewRas(int classes) => _channels[0].NewVolume(classes);

    internal Volume ToOriginal(Volume ras) => _channels[0].Restore(ras);

    /// <summary>Slices crop around their own region; who comes second draws the same again.</summary>
    private DrawnPipeline LoadOf(int unit)
    {
        if (_loads.Length == 0)
            return _load;
        return _loads[unit] ??= TransformPipeline.Draw(_pipeline.AtLoad, _load.Input, null, RoiOf(unit));
    }

    private float[] RoiOf(int unit)
    {
        var plane = new float[RawCount];
        CopyRaw(_roi!, unit, plane);
        return plane;
    }

    private void CopyRaw(SliceStack stack, int unit, Span<float> raw)
    {
        if (Patches.IsVolume)
            stack.CopyVolume(0, raw);
        else
            stack.CopySlice(0, unit, raw);
    }

    private int[] Kept(SliceFilterConfig config, ISliceClassifier? classifier)
    {
        var onImages = new SliceFilterConfig { FilterEmptyInput = config.FilterEmptyInput, FilterClassification = config.FilterClassification && classifier is not null };
        var filter = ContentFilter.OfSlices(onImages, DatasetParts.Testing, classifier);
        if (!filter.IsOn || Patches.IsVolume)
            return [.. Enumerable.Range(0, Units)];
        var planes = new float[Channels * RawCount];
        return [.. Enumerable.Range(0, Slices).Where(slice =>
        {
            for (var c = 0; c < Channels; c++)
                _channels[c].CopySlice(0, slice, planes.AsSpan(c * RawCount, RawCount));
            return filter.Keeps(planes, [], _load.Input, 0);
        })];
    }
}
