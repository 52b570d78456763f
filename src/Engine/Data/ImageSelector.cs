using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data;

/// <summary>Chooses the images of a dataset that a configuration and a split ask for.</summary>
public static class ImageSelector
{
    /// <summary>Images of one part of a split, in the order of their paths.</summary>
    /// <param name="part">training, validation or testing; training and validation take only images that have a label.</param>
    /// <param name="warn">Told about images that are left out though their participant is in the part, and about what has no effect.</param>
    public static IReadOnlyList<BidsImage> Select(
        BidsDataset dataset, SegSplit split, SegConfig config, string part, Action<string>? warn = null)
    {
        var images = OfPart(dataset, split, config, part);
        return Balanced(part == DatasetParts.Testing ? images : Labelled(images, config, warn), config, warn);
    }

    /// <summary>Images whose unit the split puts into a part, with or without labels, in the order of their paths.</summary>
    internal static List<BidsImage> OfPart(BidsDataset dataset, SegSplit split, SegConfig config, string part)
    {
        ArgumentNullException.ThrowIfNull(split);
        var units = DatasetParts.Check(part) switch
        {
            DatasetParts.Training => split.Training,
            DatasetParts.Validation => split.Validation,
            _ => split.Test,
        };
        var wanted = units.ToHashSet(StringComparer.Ordinal);
        var columns = new DatasetColumns(dataset);
        return [.. OfContrasts(dataset, config, part).Where(image => columns.Value(image, split.Method) is { } unit && wanted.Contains(unit))];
    }

    /// <summary>
    /// Images whose contrast and extension the configuration names for a part; empty lists allow all. The channels of multichannel are
    /// those of training in every part.
    /// </summary>
    public static IReadOnlyList<BidsImage> OfContrasts(BidsDataset dataset, SegConfig config, string part)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(config);
        var contrasts = config.LoaderParameters.ContrastParams;
        IReadOnlyList<string> names = config.LoaderParameters.Multichannel ? ChannelGroups.Contrasts(config)
            : part == DatasetParts.Testing ? contrasts.Testing : contrasts.TrainingValidation;
        var extensions = config.LoaderParameters.Extensions;
        return [.. dataset.Images
            .Where(image => names.Count == 0 || names.Any(name => HasContrast(image, name)))
            .Where(image => extensions.Length == 0 || extensions.Contains(image.Extension, StringComparer.OrdinalIgnoreCase))
            .OrderBy(image => image.RelativePath, StringComparer.Ordinal).ThenBy(image => image.Root, StringComparer.Ordinal)];
    }

    /// <summary>The name is the image's suffix (T2w) or its acquisition and suffix (acq-MTon_MTS), compared whole.</summary>
    public static bool HasContrast(BidsImage image, string name)
    {
        ArgumentNullException.ThrowIfNull(image);
        return string.Equals(image.Contrast, name, StringComparison.Ordinal) || string.Equals(image.Suffix, name, StringComparison.Ordinal);
    }

    /// <summary>At least one of the configuration's classes has a label file.</summary>
    public static bool HasLabel(BidsImage image, SegConfig config)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(config);
        return config.LoaderParameters.TargetSuffixes().Any(image.Labels.ContainsKey);
    }

    private static List<BidsImage> Labelled(List<BidsImage> images, SegConfig config, Action<string>? warn)
    {
        foreach (var image in images.Where(image => !HasLabel(image, config)))
            warn?.Invoke($"{image.RelativePath} has no label of {string.Join(", ", config.LoaderParameters.TargetSuffixes())} and is left out.");
        return images.FindAll(image => HasLabel(image, config));
    }

    /// <summary>
    /// <c>contrast_params.balance</c> within one part: of a contrast with a fraction f, file number n (from 1, by path) is kept when
    /// n/total ≤ f. The split does not depend on it.
    /// </summary>
    internal static List<BidsImage> Balanced(List<BidsImage> images, SegConfig config, Action<string>? warn = null)
    {
        foreach (var (contrast, fraction) in config.LoaderParameters.ContrastParams.Balance)
        {
            var of = images.FindAll(image => HasContrast(image, contrast));
            if (of.Count == 0 && images.Count > 0)
                warn?.Invoke($"loader_parameters.contrast_params.balance: there is no image of contrast '{contrast}' here, so that it has no effect.");
            var dropped = of.Where((_, i) => i + 1 > (fraction * of.Count) + 1e-9).ToHashSet();
            images = images.FindAll(image => !dropped.Contains(image));
        }

        return images;
    }
}
