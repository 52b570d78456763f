using static MedSeg.Engine.Configuration.Checks.ConfigFindingCatalog;

namespace MedSeg.Engine.Data.Checks;

/// <summary>Whether a dataset has the contrasts, labels, regions and channels that a configuration names.</summary>
internal static class ContentChecks
{
    private const string Contrasts = "loader_parameters.contrast_params";

    public static IEnumerable<SegFinding> Of(DatasetFacts facts) =>
        [.. Images(facts), .. Labels(facts), .. Regions(facts), .. Channels(facts)];

    private static IEnumerable<SegFinding> Images(DatasetFacts facts)
    {
        var names = facts.Config.LoaderParameters.ContrastParams;
        foreach (var (key, contrasts) in new (string, IEnumerable<string>)[]
        {
            ("training_validation", names.TrainingValidation), ("testing", names.Testing.Except(names.TrainingValidation)),
            ("balance", names.Balance.Keys.Except(names.TrainingValidation).Except(names.Testing)),
        })
        {
            foreach (var contrast in contrasts.Where(contrast => !facts.Dataset.Images.Any(image => ImageSelector.HasContrast(image, contrast))))
            {
                yield return ContrastWithoutImages.At(
                    $"{Contrasts}.{key}",
                    $"no image of {facts.Dataset.Name} has the contrast '{contrast}'; there are {DatasetFacts.Words(facts.Dataset.Contrasts)}.");
            }
        }

        if (facts.Training.Count == 0)
        {
            yield return NoUsableImage.At(
                $"{Contrasts}.training_validation",
                $"none of the {facts.Dataset.Images.Count} images of {facts.Dataset.Name} is of the contrasts "
                + $"{DatasetFacts.Words(names.TrainingValidation, "(any)")} and the formats {DatasetFacts.Words(facts.Config.LoaderParameters.Extensions, "(any)")}.");
        }
    }

    private static IEnumerable<SegFinding> Labels(DatasetFacts facts)
    {
        if (facts.Training.Count == 0)
            yield break;
        foreach (var suffix in facts.Config.LoaderParameters.TargetSuffixes())
        {
            var without = facts.Training.Where(image => !image.Labels.ContainsKey(suffix)).ToList();
            if (without.Count == facts.Training.Count)
            {
                yield return ClassWithoutLabels.At(
                    "loader_parameters.target_suffix",
                    $"no image has a label '{suffix}'; there are {DatasetFacts.Words(facts.Dataset.TargetSuffixes)}.");
            }
            else if (without.Count > 0)
            {
                yield return LabelsIncomplete.At(
                    "loader_parameters.target_suffix",
                    $"{without.Count} of {facts.Training.Count} images have no label '{suffix}' (first: {without[0].RelativePath}).");
            }
        }
    }

    private static IEnumerable<SegFinding> Regions(DatasetFacts facts)
    {
        if (facts.Config.LoaderParameters.RoiParams.Suffix is not { Length: > 0 } roi || facts.All.Count == 0)
            yield break;
        var without = facts.All.Where(image => !image.Labels.ContainsKey(roi)).ToList();
        if (without.Count > 0)
        {
            yield return RoiLabelsMissing.At(
                "loader_parameters.roi_params.suffix",
                $"{without.Count} of {facts.All.Count} images have no label '{roi}' of the region of interest (first: {without[0].RelativePath}).");
        }
    }

    private static IEnumerable<SegFinding> Channels(DatasetFacts facts)
    {
        if (!facts.Config.LoaderParameters.Multichannel)
            yield break;
        var incomplete = new List<string>();
        var sources = ChannelGroups.Of(facts.Training, facts.Config, incomplete.Add);
        if (incomplete.Count > 0)
        {
            yield return ChannelsIncomplete.At(
                "loader_parameters.multichannel",
                $"{incomplete.Count} sample(s) lack a channel beside {sources.Count} complete ones. {incomplete[0]}");
        }

        if (sources.Count == 0 && facts.Training.Count > 0)
            yield return NoUsableImage.At("loader_parameters.multichannel", "no sample has an image of every contrast.");
    }
}
