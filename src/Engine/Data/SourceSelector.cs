using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data;

/// <summary>Chooses the samples' sources of a dataset that a configuration and a split ask for.</summary>
public static class SourceSelector
{
    /// <summary>Sources of one part of a split, by the paths of their reference images.</summary>
    /// <param name="part">
    /// training, validation or testing; training and validation take only sources with a label, and with the region of interest where
    /// one is asked for.
    /// </param>
    /// <param name="warn">Told about sources that are left out though their participant is in the part, and about what has no effect.</param>
    public static IReadOnlyList<SampleSource> Select(
        BidsDataset dataset, SegSplit split, SegConfig config, string part, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var loader = config.LoaderParameters;
        var sources = loader.Multichannel
            ? ChannelGroups.Of(ImageSelector.OfPart(dataset, split, config, part), config, warn)
            : ChannelGroups.Of(ImageSelector.Select(dataset, split, config, part, warn), config, warn);
        if (part == DatasetParts.Testing)
            return sources;
        if (loader.Multichannel)
            sources = With(sources, source => SourceLabels.Any(source, loader), string.Join(", ", loader.TargetSuffixes()), warn);
        return loader.RoiParams.Suffix is { Length: > 0 } roi && NeedsRoi(config, part)
            ? With(sources, source => SourceLabels.ImagesWith(source, roi, loader).Any(), roi, warn)
            : sources;
    }

    /// <summary>
    /// Sources of the whole dataset that can train, validate or be judged: of the configured contrasts, with a label, with all channels,
    /// and with the region of interest where training needs one. Splits are made of them.
    /// </summary>
    internal static IReadOnlyList<SampleSource> Usable(BidsDataset dataset, SegConfig config)
    {
        var loader = config.LoaderParameters;
        var images = ImageSelector.OfContrasts(dataset, config, DatasetParts.Training)
            .Union(ImageSelector.OfContrasts(dataset, config, DatasetParts.Testing)).ToList();
        var sources = ChannelGroups.Of(images, config).Where(source => SourceLabels.Any(source, loader));
        return NeededRoi(config) is { } roi
            ? [.. sources.Where(source => SourceLabels.ImagesWith(source, roi, loader).Any())]
            : [.. sources];
    }

    /// <summary>The label of the region of interest where training needs one, else null.</summary>
    internal static string? NeededRoi(SegConfig config) =>
        config.LoaderParameters.RoiParams.Suffix is { Length: > 0 } roi && NeedsRoi(config, DatasetParts.Training) ? roi : null;

    /// <summary>The region of interest plays a role: a crop is placed by it, or slices are left out by it.</summary>
    private static bool NeedsRoi(SegConfig config, string part) =>
        config.LoaderParameters.RoiParams.SliceFilterRoi is not null || TransformPipeline.Create(config, part).UsesRoi;

    private static List<SampleSource> With(
        IReadOnlyList<SampleSource> sources, Func<SampleSource, bool> has, string suffixes, Action<string>? warn)
    {
        foreach (var source in sources.Where(source => !has(source)))
            warn?.Invoke($"{source} has no label of {suffixes} and is left out.");
        return [.. sources.Where(has)];
    }
}
