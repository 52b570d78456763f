using static MedSeg.Engine.Configuration.Checks.ConfigFindingCatalog;

namespace MedSeg.Engine.Configuration.Checks;

/// <summary>Order, reach and ranges of transforms, and components that occur twice.</summary>
internal static class TransformChecks
{
    private static readonly string[] Crops = ["CenterCrop", "ROICrop"];
    private static readonly string[] Prepared = ["Resample", "CenterCrop", "ROICrop", "NormalizeInstance"];
    private static readonly string[] Parts = ["training", "validation", "testing"];

    private static readonly string[] Intensity =
    [
        "NormalizeInstance",
        "RandomShiftIntensity", "AdditiveGaussianNoise", "HistogramClipping", "Clahe", "RandomGamma", "RandomBiasField", "RandomBlur",
    ];

    public static IEnumerable<SegFinding> Of(ConfigFacts facts) =>
    [
        .. Twice(facts.Config), .. facts.Config.Transformation.SelectMany(t => Reach(t, facts)), .. facts.Config.Transformation.SelectMany(Ranges),
        .. Order(facts),
    ];

    private static IEnumerable<SegFinding> Twice(SegConfig config)
    {
        foreach (string name in Repeated(config.Transformation))
        {
            yield return ComponentTwice.At($"transformation.{name}", "the transform occurs twice; a file can name it once.");
        }

        foreach (string name in Repeated(config.Postprocessing))
        {
            yield return ComponentTwice.At($"postprocessing.{name}", "the step occurs twice; a file can name it once.");
        }
    }

    private static IEnumerable<string> Repeated(IEnumerable<ComponentConfig> steps) =>
        steps.GroupBy(s => s.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key);

    private static IEnumerable<SegFinding> Reach(TransformConfig transform, ConfigFacts facts)
    {
        string key = $"transformation.{transform.Name}";
        bool isGiven = transform.AppliedTo.Length > 0;

        // The label of a classification is one word per slice: it has no place that could differ.
        if (isGiven && !facts.IsClassification && ConfigFacts.SpatialTransforms.Contains(transform.Name)
            && transform.AppliedTo.Contains("im") != transform.AppliedTo.Contains("gt"))
        {
            yield return SpatialNotOnLabel.At(
                key + ".applied_to", "image and label would no longer lie on each other; a spatial transform needs both 'im' and 'gt'.");
        }

        if (Intensity.Contains(transform.Name) && transform.AppliedTo.Contains("gt"))
        {
            yield return IntensityOnLabel.At(key + ".applied_to", "the values of labels are changed as well.");
        }

        string[] without = [.. Parts.Where(p => !ConfigFacts.IsIn(transform, p))];
        if (Prepared.Contains(transform.Name) && without.Length > 0)
        {
            yield return PreparationNotEverywhere.At(
                key + ".dataset_type", $"images of {string.Join(" and ", without)} are not prepared as the others.");
        }

        if (ConfigFacts.RandomTransforms.Contains(transform.Name) && ConfigFacts.IsIn(transform, "validation"))
        {
            yield return RandomEverywhere.At(key + ".dataset_type", "validation images are varied at random as well.");
        }
    }

    private static IEnumerable<SegFinding> Ranges(TransformConfig transform)
    {
        foreach (string name in transform.Parameters.Keys.Where(k => k.EndsWith("_range", StringComparison.Ordinal) || k == "degrees"))
        {
            if (ConfigFacts.Numbers(transform, name) is [var low, var high] && low > high)
            {
                yield return RangeReversed.At(
                    $"transformation.{transform.Name}.{name}", $"{Describe.Number(low)} is above {Describe.Number(high)}.");
            }
        }

        if (transform.Name == "HistogramClipping")
        {
            double low = ConfigFacts.Numbers(transform, "min_percentile") is [var given] ? given : 5;
            double high = ConfigFacts.Numbers(transform, "max_percentile") is [var upper] ? upper : 95;
            if (low > high)
            {
                yield return RangeReversed.At(
                    "transformation.HistogramClipping.min_percentile",
                    $"{Describe.Number(low)} is above max_percentile {Describe.Number(high)}.");
            }
        }
    }

    private static IEnumerable<SegFinding> Order(ConfigFacts facts)
    {
        TransformConfig[] transforms = facts.Config.Transformation;
        int resample = Array.FindIndex(transforms, t => t.Name == "Resample");
        int crop = Array.FindIndex(transforms, t => Crops.Contains(t.Name));
        if (crop >= 0 && crop < resample)
        {
            yield return CropBeforeResample.At(
                $"transformation.{transforms[crop].Name}",
                "its size counts in the pixels before Resample, so that samples differ in size with the pixels of their images.");
        }

        if (facts.Transform("NormalizeInstance") is null)
        {
            yield return NotNormalised.At(
                "transformation", "NormalizeInstance is missing, so that the network sees the raw values of each image.");
        }
    }
}
