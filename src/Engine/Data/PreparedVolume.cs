using MedSeg.Engine.Data.Filters;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data;

/// <summary>
/// A volume ready for prediction: turned to RAS+, cut into slices, or patches of them, and transformed as configured for testing.
/// The network's inputs are made when they are asked for. Safe to read from several threads, each with its own reader.
/// </summary>
/// <remarks>
/// Slices that a filter on images rejects are no inputs: their prediction is 0. Filters on labels and on the region of interest are not
/// for prediction: they would hide what the network gets wrong.
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
        _load = TransformPipeline.Draw(_pipeline.AtLoad, channels[0].Sample with { Channels = channels.Length }, null);
        _loads = new DrawnPipeline?[roi is not null && _pipeline.UsesRoi ? channels[0].Count : 0];
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

    /// <summary>How slices are cut into patches.</summary>
    public PatchSettings Patches { get; }

    /// <summary>Inputs per slice: 1, or the number of patches.</summary>
    public int PatchesPerSlice => _corners.Count;

    /// <summary>Number of inputs: those of one slice lie together, slices ascend.</summary>
    public int Inputs => _kept.Length * _corners.Count;

    /// <summary>Channels C of each input.</summary>
    public int Channels => _channels.Length;

    /// <summary>Rows H of each input.</summary>
    public int Height => _access.Output.Size.H;

    /// <summary>Columns W of each input.</summary>
    public int Width => _access.Output.Size.W;

    /// <summary>Slices after the load-time transforms, before they are cut into patches.</summary>
    internal GridSize LoadedSize => _load.Output.Size;

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
    /// <param name="patches">Without a length whole slices are taken.</param>
    /// <param name="roi">The region of interest on the same grid, or null; ROICrop then takes the middle.</param>
    /// <param name="image">Path, for messages.</param>
    /// <param name="classifier">For filter_classification; without it the filter leaves out nothing.</param>
    /// <exception cref="SegException">An error of the configuration, or <c>PatchTooLarge</c> or <c>PatchesTooMany</c>.</exception>
    internal static PreparedVolume From(
        IReadOnlyList<SliceStack> channels, SegConfig config, PatchSettings patches, SliceStack? roi = null, string image = "the image",
        ISliceClassifier? classifier = null) => new([.. channels], config, patches, roi, image, classifier);

    /// <summary>The slice and the patch of it that an input is.</summary>
    public (int Slice, int Patch) InputAt(int index) => (_kept[index / _corners.Count], index % _corners.Count);

    /// <summary>Starts to make inputs.</summary>
    public InputReader NewReader() => new(this);

    /// <summary>Starts to put predictions back onto the volume's grid.</summary>
    /// <param name="classes">K.</param>
    public VolumeRestorer NewRestorer(int classes) => new(this, classes);

    internal PatchCorner CornerOf(int patch) => _corners[patch];

    /// <summary>Reads one channel of one slice after the load-time transforms.</summary>
    internal void CopyLoaded(int channel, int slice, Span<float> raw, Span<float> loaded)
    {
        _channels[channel].CopySlice(0, slice, raw);
        LoadOf(slice).Apply(raw, loaded, SampleKinds.Image, channel);
    }

    internal int RawCount => _load.Input.Size.Count;

    internal void Access(int channel, ReadOnlySpan<float> source, Span<float> destination) =>
        _access.Apply(source, destination, SampleKinds.Image, channel);

    internal void UndoAccess(ReadOnlySpan<float> probabilities, Span<float> destination) => _access.Undo(probabilities, destination);

    internal int AccessCount => _access.Input.Size.Count;

    /// <summary>Undoes the load-time transforms of one class of one slice: linear interpolation, 0 where nothing was predicted.</summary>
    internal void UndoLoad(int slice, ReadOnlySpan<float> loaded, Span<float> raw, Volume ras, int k)
    {
        LoadOf(slice).Undo(loaded, raw);
        _channels[0].SetSlice(raw, ras, k, slice);
    }

    internal Volume NewRas(int classes) => _channels[0].NewVolume(classes);

    internal Volume ToOriginal(Volume ras) => _channels[0].Restore(ras);

    /// <summary>Slices crop around their own region; who comes second draws the same again.</summary>
    private DrawnPipeline LoadOf(int slice)
    {
        if (_loads.Length == 0)
            return _load;
        return _loads[slice] ??= TransformPipeline.Draw(_pipeline.AtLoad, _load.Input, null, RoiOf(slice));
    }

    private float[] RoiOf(int slice)
    {
        var plane = new float[RawCount];
        _roi!.CopySlice(0, slice, plane);
        return plane;
    }

    private int[] Kept(SliceFilterConfig config, ISliceClassifier? classifier)
    {
        var onImages = new SliceFilterConfig { FilterEmptyInput = config.FilterEmptyInput, FilterClassification = config.FilterClassification && classifier is not null };
        var filter = ContentFilter.OfSlices(onImages, DatasetParts.Testing, classifier);
        if (!filter.IsOn)
            return [.. Enumerable.Range(0, Slices)];
        var planes = new float[Channels * RawCount];
        return [.. Enumerable.Range(0, Slices).Where(slice =>
        {
            for (var c = 0; c < Channels; c++)
                _channels[c].CopySlice(0, slice, planes.AsSpan(c * RawCount, RawCount));
            return filter.Keeps(planes, [], _load.Input.Size, 0);
        })];
    }
}
