using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Data.Loading;

/// <summary>The channels of a sample's source with its labels and region of interest, all on one grid.</summary>
/// <param name="Channels">At least one.</param>
/// <param name="Labels">For each rater who has labelled the image, the label of each class; a class without a file is null.</param>
/// <param name="Roi">Null where no region is asked for or there is none.</param>
internal sealed record SourceStacks(IReadOnlyList<SliceStack> Channels, IReadOnlyList<SliceStack?[]> Labels, SliceStack? Roi)
{
    /// <summary>Indices of the classes without a file from any rater.</summary>
    public int[] UnlabelledClasses => [.. Enumerable.Range(0, Labels[0].Length).Where(k => Labels.All(rater => rater[k] is null))];
}

/// <summary>Reads the files of a source and checks that they lie on the grid of its first channel.</summary>
internal sealed class SourceReader(LoaderConfig loader, LabelPlan plan, bool needsRoi, Action<string> warn)
{
    private readonly SliceAxis _axis = SliceLayout.Parse(loader.SliceAxis);

    /// <summary>Reads everything that a sample needs.</summary>
    /// <exception cref="SegException">An error of a file, <c>ChannelGridDiffers</c>, <c>LabelGridDiffers</c> or <c>LabelsDiffer</c>.</exception>
    public SourceStacks Read(SampleSource source, CancellationToken ct)
    {
        var channels = new SliceStack[source.Channels.Count];
        for (var c = 0; c < channels.Length; c++)
        {
            var image = source.Channels[c];
            channels[c] = SliceStack.Of(ImageLoader.ReadImage(image.Path, image.Metadata, _axis, warn, ct), _axis);
            if (c > 0 && ImageLoader.Apart(channels[0], channels[c], source.Channels[0].Path) is { } difference)
                throw Differs(image.Path, difference);
        }

        var read = new Dictionary<string, SliceStack?>(StringComparer.Ordinal);
        SliceStack? Label(string suffix)
        {
            if (!read.TryGetValue(suffix, out var label))
                read[suffix] = label = ReadLabel(source, suffix, channels[0], ct);
            return label;
        }

        var raters = RatersOf(source).Select(rater => Enumerable.Range(0, plan.Classes).Select(k => Label(plan.Suffix(k, rater))).ToArray()).ToArray();
        return new SourceStacks(channels, raters, needsRoi && loader.RoiParams.Suffix is { } roi ? Label(roi) : null);
    }

    /// <summary>Raters with a label of their own; one without any where there is none, so that the classes are absent.</summary>
    private int[] RatersOf(SampleSource source)
    {
        if (plan.Raters == 1)
            return [0];
        int[] present = [.. Enumerable.Range(0, plan.Raters).Where(rater => plan.OfClasses.Any(suffixes =>
            suffixes.Count > 1 && SourceLabels.ImagesWith(source, suffixes[rater], loader).Any()))];
        return present.Length > 0 ? present : [0];
    }

    private SliceStack? ReadLabel(SampleSource source, string suffix, SliceStack reference, CancellationToken ct)
    {
        (SliceStack Stack, string Path)? first = null;
        foreach (var image in SourceLabels.ImagesWith(source, suffix, loader))
        {
            ct.ThrowIfCancellationRequested();
            var path = image.Labels[suffix];
            if (first is { } known && PlatformFiles.PathComparer.Equals(known.Path, path))
                continue;
            var stack = ImageLoader.ReadLabel(path, image, _axis, loader.SoftGt, warn, ct);
            if (ImageLoader.Apart(reference, stack, source.Reference.Path) is { } difference)
                throw ImageLoader.LabelDiffers(path, difference);
            if (first is { } other)
                RequireSame(other, (stack, path), source);
            else
                first = (stack, path);
        }

        return first?.Stack;
    }

    private static void RequireSame((SliceStack Stack, string Path) one, (SliceStack Stack, string Path) other, SampleSource source)
    {
        float[] a = one.Stack.Ras.Voxels, b = other.Stack.Ras.Voxels;
        if (a.AsSpan().SequenceEqual(b))
            return;
        var different = 0;
        for (var i = 0; i < a.Length; i++)
            different += a[i] != b[i] ? 1 : 0;
        throw new SegException(
            "LabelsDiffer", SegErrorKind.InvalidData,
            $"The labels '{one.Path}' and '{other.Path}' differ in {different} voxels, but belong to channels of one sample.",
            "Set loader_parameters.target_contrast to the contrast whose labels count, one of "
            + $"{string.Join(", ", source.Channels.Select(channel => channel.Contrast))}, or make the labels agree.",
            other.Path);
    }

    private static SegException Differs(string path, string difference) => new(
        "ChannelGridDiffers", SegErrorKind.InvalidData, $"The channel '{path}' {difference}.",
        "With multichannel, contrasts must be co-registered: resample them onto one grid, or correct the header.", path);
}
