using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Reporting;

/// <summary>Makes requests for contact sheets of the training part, seed 0 and one sample; their output path is a file name only.</summary>
internal static class TransformSheetRequests
{
    private const string Ending = "_transforms.png";

    /// <summary>For an image of a dataset: the labels that the configuration names, in its order, or all where it names none.</summary>
    public static TransformSheetRequest Of(BidsImage image, SegConfig config)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(config);
        var loader = config.LoaderParameters;
        var roi = loader.RoiParams.Suffix;
        var named = loader.TargetSuffixRaters.Length > 0
            ? loader.TargetSuffixRaters.Select(raters => Array.Find(raters, image.Labels.ContainsKey)).OfType<string>()
            : loader.TargetSuffix;
        var suffixes = named.Any() ? named.Where(image.Labels.ContainsKey) : image.Labels.Keys.Where(s => s != roi).Order(StringComparer.Ordinal);
        return new(
            image.Path, [.. suffixes.Select(s => new TransformSheetLabel(s.TrimStart('_'), image.Labels[s]))], config, image.Stem + Ending,
            "training", 0, null, 1)
        {
            RoiPath = roi is null ? null : image.Labels.GetValueOrDefault(roi),
            Metadata = image.Metadata,
        };
    }

    /// <summary>For files; a label is called by what its name adds to that of the image.</summary>
    public static TransformSheetRequest Of(string path, IReadOnlyList<string> labels, string? roiPath, SegConfig config)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(labels);
        var stem = Stem(path);
        return new(path, [.. labels.Select(l => new TransformSheetLabel(Name(l, stem), l))], config, stem + Ending, "training", 0, null, 1)
        {
            RoiPath = roiPath,
        };
    }

    private static string Name(string label, string imageStem)
    {
        var stem = Stem(label);
        var added = stem.StartsWith(imageStem, StringComparison.Ordinal) ? stem[imageStem.Length..].TrimStart('_') : stem;
        return added.Length > 0 ? added : stem;
    }

    private static string Stem(string path) => Path.GetFileName(path)[..^ImageFile.ExtensionOf(path).Length];
}
