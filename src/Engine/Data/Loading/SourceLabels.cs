using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Loading;

/// <summary>Which label files count for a sample: those of all its channels, or of <c>target_contrast</c> alone.</summary>
internal static class SourceLabels
{
    /// <summary>The channels that have a label of a suffix.</summary>
    public static IEnumerable<BidsImage> ImagesWith(SampleSource source, string suffix, LoaderConfig loader) => source.Channels.Where(image =>
        image.Labels.ContainsKey(suffix)
        && (source.ChannelCount == 1 || loader.TargetContrast is not { } contrast || ImageSelector.HasContrast(image, contrast)));

    /// <summary>There is a label of at least one class from at least one rater.</summary>
    public static bool Any(SampleSource source, LoaderConfig loader) =>
        loader.TargetSuffixes().Any(suffix => ImagesWith(source, suffix, loader).Any());

    /// <summary>Warns of each class, and with several raters of each rater, that some samples lack.</summary>
    /// <param name="part">For the message.</param>
    public static void WarnOfMissing(IReadOnlyList<SampleSource> sources, LabelPlan plan, LoaderConfig loader, string part, Action<string> warn)
    {
        var training = part == DatasetParts.Training;
        foreach (var raters in plan.OfClasses)
        {
            Warn(raters, "the class counts as absent there");
            foreach (var rater in raters.Count > 1 ? raters : [])
            {
                Warn([rater], training
                    ? "the class counts as absent where that rater is drawn, if the rater has other labels, and otherwise the rater is not drawn"
                    : "the rater counts as not having marked the class, if the rater has other labels, and otherwise not at all");
            }
        }

        void Warn(IReadOnlyList<string> suffixes, string consequence)
        {
            var without = sources.Where(source => !suffixes.Any(suffix => ImagesWith(source, suffix, loader).Any())).ToList();
            if (without.Count > 0)
            {
                warn($"{part}: {without.Count} of {sources.Count} images have no label {string.Join(" or ", suffixes)}; {consequence} (first: {without[0]})."
                    + (without.Count == sources.Count ? " If the files are there, import the dataset with this suffix." : ""));
            }
        }
    }
}
