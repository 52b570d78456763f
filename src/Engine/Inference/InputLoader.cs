using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Film;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Inference;

/// <summary>The images of one input as stacks of slices on one grid.</summary>
/// <param name="Path">Path of the first channel, for messages.</param>
/// <param name="Channels">In the order of the network's channels; results lie on the grid of the first.</param>
/// <param name="Roi">The region of interest, or null.</param>
internal sealed record InputStacks(string Path, IReadOnlyList<SliceStack> Channels, SliceStack? Roi)
{
    /// <summary>What FiLM modulates by, in the order of the model's parts; empty for other networks.</summary>
    public IReadOnlyList<FilmValue> Film { get; init; } = [];

    /// <summary>Which of the network's channels each of <see cref="Channels"/> is, from 0, ascending.</summary>
    public IReadOnlyList<int> Slots { get; init; } = [.. Enumerable.Range(0, Channels.Count)];
}

/// <summary>Reads the channels of an input, and its region of interest where the model crops around one.</summary>
/// <param name="film">Finds what FiLM modulates by; null for other networks.</param>
internal sealed class InputLoader(LoaderConfig loader, bool needsRoi, Action<string> warn, FilmInputs? film = null)
{
    private readonly SliceAxis _axis = SliceLayout.Parse(loader.SliceAxis);

    /// <summary>Reads the files of an input.</summary>
    /// <exception cref="SegException">An error of a file, or <c>ChannelGridDiffers</c>, <c>LabelGridDiffers</c> or <c>FilmValueMissing</c>.</exception>
    public InputStacks Read(PredictionInput input, CancellationToken ct)
    {
        var values = film?.Of(input) ?? [];
        var slots = SlotsOf(input);
        var channels = new List<SliceStack>();
        foreach (var channel in input.Channels)
        {
            var stack = SliceStack.Of(ImageLoader.ReadImage(channel.Path, channel.Image?.Metadata, _axis, warn, ct), _axis);
            channels.Add(stack);
            if (ImageLoader.Apart(channels[0], stack, input.Path) is { } difference)
                throw Differs(channel.Path, difference);
        }

        return new InputStacks(input.Path, channels, needsRoi ? ReadRoi(input, channels[0], ct) : null) { Film = values, Slots = slots };
    }

    private int[] SlotsOf(PredictionInput input)
    {
        var count = input.Channels.Count();
        if (input.Contrasts.Count == 0)
            return [.. Enumerable.Range(0, count)];
        string[] known = [.. loader.ContrastParams.TrainingValidation.Distinct(StringComparer.Ordinal)];
        int[] slots = [.. input.Contrasts.Select(contrast => Array.IndexOf(known, contrast))];
        return slots.Length == count && slots[0] >= 0 && slots.Zip(slots.Skip(1)).All(pair => pair.First < pair.Second)
            ? slots
            : throw new SegException(
                "ContrastUnknown", SegErrorKind.InvalidArgument,
                $"'{input.Path}' is said to have the contrasts {string.Join(", ", input.Contrasts)} in {count} image(s); the model knows {string.Join(", ", known)}, in this order.",
                "Name the contrast of each image, in the order of the model's.", input.Path);
    }

    private SliceStack? ReadRoi(PredictionInput input, SliceStack reference, CancellationToken ct)
    {
        var suffix = loader.RoiParams.Suffix;
        var image = suffix is null ? null : input.Channels.Select(channel => channel.Image).FirstOrDefault(i => i?.Labels.ContainsKey(suffix) == true);
        if (image is null)
        {
            warn($"'{input.Path}' has no region of interest{(suffix is null ? "" : $" ({suffix})")}: ROICrop takes the middle of each slice.");
            return null;
        }

        var path = image.Labels[suffix!];
        var roi = ImageLoader.ReadLabel(path, image, _axis, soft: true, warn, ct);
        if (ImageLoader.Apart(reference, roi, input.Path) is { } difference)
            throw ImageLoader.LabelDiffers(path, difference);
        if (!roi.Ras.Voxels.AsSpan().ContainsAnyExcept(0f))
            warn($"'{path}' is empty: ROICrop takes the middle of the image.");
        return roi;
    }

    private static SegException Differs(string path, string difference) => new(
        "ChannelGridDiffers", SegErrorKind.InvalidData, $"The channel '{path}' {difference}.",
        "The channels of one input must be co-registered: resample them onto one grid, or correct the header.", path);
}
