namespace MedSeg.Engine.Data;

/// <summary>What one sample is made from: the image, or with <c>multichannel</c> one co-registered image per channel.</summary>
/// <param name="Key">Dataset root and all entities but the contrast; distinct within a dataset.</param>
/// <param name="Channels">The images that are there, at least one, in the order of the contrasts.</param>
/// <param name="Reference">The image whose grid and name stand for the sample: the first that is there.</param>
public sealed record SampleSource(string Key, IReadOnlyList<BidsImage> Channels, BidsImage Reference)
{
    /// <summary>C: channels of the network's input; more than there are images where contrasts are missing.</summary>
    public int ChannelCount { get; init; } = Channels.Count;

    /// <summary>Which of the network's channels each image is, from 0, ascending.</summary>
    public IReadOnlyList<int> Slots { get; init; } = [.. Enumerable.Range(0, Channels.Count)];

    /// <summary>A sample of one channel.</summary>
    public static SampleSource Of(BidsImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new($"{image.Root}|{image.RelativePath}", [image], image);
    }

    public override string ToString() => Reference.RelativePath;
}

/// <summary>Puts images that are channels of one sample together.</summary>
/// <remarks>
/// Images belong together when they agree in dataset root, subject and every entity but the contrast: sessions, runs and samples
/// of a subject stay apart. The acquisition is part of the contrast where the configuration writes it (<c>acq-MTon_MTS</c>), and
/// part of the key otherwise. A sample needs every contrast, unless the network bears missing ones (<see cref="MissingContrasts"/>).
/// </remarks>
public static class ChannelGroups
{
    private const string Acquisition = "acq";

    /// <summary>The contrast of each channel, in order; empty without <c>multichannel</c>.</summary>
    /// <exception cref="SegException"><c>NoChannelContrasts</c>: multichannel is on and no contrast is named.</exception>
    public static IReadOnlyList<string> Contrasts(SegConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (!config.LoaderParameters.Multichannel)
            return [];
        var names = config.LoaderParameters.ContrastParams.TrainingValidation.Distinct(StringComparer.Ordinal).ToArray();
        return names.Length > 0 ? names : throw new SegException(
            "NoChannelContrasts", SegErrorKind.InvalidArgument,
            "loader_parameters.contrast_params.training_validation is empty, so that loader_parameters.multichannel has no channels.",
            "Name the contrasts in the order of the channels, for example [T1w, T2w].", "loader_parameters.contrast_params.training_validation");
    }

    /// <summary>Channels of a sample: the number of contrasts with <c>multichannel</c>, else 1.</summary>
    public static int ChannelCount(SegConfig config) => Math.Max(1, Contrasts(config).Count);

    /// <summary>The samples of some images, by the paths of their reference images.</summary>
    /// <param name="images">Images of other contrasts are passed over with <c>multichannel</c>.</param>
    /// <param name="warn">Told about each sample that is left out, and why.</param>
    public static IReadOnlyList<SampleSource> Of(IReadOnlyList<BidsImage> images, SegConfig config, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        var contrasts = Contrasts(config);
        IEnumerable<SampleSource> sources = contrasts.Count == 0
            ? images.Select(SampleSource.Of)
            : images
                .Select(image => (Image: image, Channel: ChannelOf(image, contrasts)))
                .Where(member => member.Channel >= 0)
                .GroupBy(member => KeyOf(member.Image, contrasts[member.Channel]), StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => Join(group.Key, [.. group], contrasts, MissingContrasts.Allowed(config), warn))
                .OfType<SampleSource>();
        return [.. sources
            .OrderBy(source => source.Reference.RelativePath, StringComparer.Ordinal).ThenBy(source => source.Reference.Root, StringComparer.Ordinal)];
    }

    /// <summary>The channel that an image is, or −1. A contrast written with its acquisition comes before its bare suffix.</summary>
    private static int ChannelOf(BidsImage image, IReadOnlyList<string> contrasts)
    {
        var bySuffix = -1;
        for (var c = contrasts.Count - 1; c >= 0; c--)
        {
            if (string.Equals(image.Contrast, contrasts[c], StringComparison.Ordinal))
                return c;
            if (string.Equals(image.Suffix, contrasts[c], StringComparison.Ordinal))
                bySuffix = c;
        }

        return bySuffix;
    }

    private static string KeyOf(BidsImage image, string contrast)
    {
        var acquisitionIsContrast = !string.Equals(contrast, image.Suffix, StringComparison.Ordinal);
        var entities = image.Entities
            .Where(entity => !(acquisitionIsContrast && entity.Key == Acquisition))
            .OrderBy(entity => entity.Key, StringComparer.Ordinal)
            .Select(entity => $"_{entity.Key}-{entity.Value}");
        return $"{image.Root}|{image.Subject}{string.Concat(entities)}";
    }

    private static SampleSource? Join(
        string key, (BidsImage Image, int Channel)[] members, IReadOnlyList<string> contrasts, bool mayLack, Action<string>? warn)
    {
        var name = key[(key.LastIndexOf('|') + 1)..];
        var channels = new BidsImage[contrasts.Count];
        foreach (var (image, channel) in members)
        {
            if (channels[channel] is { } other)
            {
                warn?.Invoke($"{name} has two images of contrast {contrasts[channel]}, {other.RelativePath} and {image.RelativePath}, and is left out.");
                return null;
            }

            channels[channel] = image;
        }

        int[] slots = [.. Enumerable.Range(0, channels.Length).Where(c => channels[c] is not null)];
        if (mayLack || slots.Length == channels.Length)
            return new SampleSource(key, [.. slots.Select(c => channels[c])], channels[slots[0]]) { ChannelCount = channels.Length, Slots = slots };
        var missing = contrasts.Where((_, c) => channels[c] is null);
        warn?.Invoke(
            $"{name} has no image of contrast {string.Join(", ", missing)} beside {members[0].Image.RelativePath} and is left out: "
            + "with multichannel a sample needs every contrast, under names that differ in nothing else.");
        return null;
    }
}
