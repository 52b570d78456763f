using static MedSeg.Engine.Configuration.Checks.ConfigFindingCatalog;

namespace MedSeg.Engine.Configuration.Checks;

/// <summary>Targets, raters, contrasts and channels.</summary>
internal static class LabelChecks
{
    private const string Target = "loader_parameters.target_suffix";
    private const string Contrasts = "loader_parameters.contrast_params";

    public static IEnumerable<SegFinding> Of(ConfigFacts facts) =>
        [.. Targets(facts.Loader), .. Raters(facts), .. Channels(facts), .. ContrastNames(facts.Loader)];

    private static IEnumerable<SegFinding> Targets(LoaderConfig loader)
    {
        string[] all = loader.TargetSuffixRaters.Length > 0 ? [.. loader.TargetSuffixRaters.SelectMany(r => r)] : loader.TargetSuffix;
        if (all.Length == 0)
        {
            yield return TargetMissing.At(Target, "there is no target; name one label suffix per class, for example '_seg-manual'.");
        }

        if (all.Any(string.IsNullOrWhiteSpace))
        {
            yield return TargetInvalid.At(Target, "a suffix is empty.");
        }

        if (all.FirstOrDefault(s => !string.IsNullOrWhiteSpace(s) && !TargetSuffixRule.IsValid(s)) is { } odd)
        {
            yield return TargetInvalid.At(Target, $"'{odd}' cannot be part of a file name; a suffix has only {TargetSuffixRule.Allowed}.");
        }

        if (all.GroupBy(s => s, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            yield return TargetInvalid.At(Target, $"'{twice.Key}' occurs {twice.Count()} times; every class needs its own label.");
        }
    }

    private static IEnumerable<SegFinding> Raters(ConfigFacts facts)
    {
        string[][] raters = facts.Loader.TargetSuffixRaters;
        // A class with one suffix is shared by all raters.
        int most = raters.Select(r => r.Length).DefaultIfEmpty(1).Max();
        if (raters.FirstOrDefault(r => r.Length != 1 && r.Length != most) is { } other)
        {
            yield return RatersUneven.At(
                Target,
                $"one class has {most} raters and another {other.Length}; name the same raters for each, or one suffix that they share.");
        }

        if (raters.Length > 0 && facts.Config.Command != "train")
        {
            yield return RatersOutsideTraining.At(
                Target,
                $"several raters are for training, and command is '{facts.Config.Command}'; the first rater of each class would count.");
        }
    }

    private static IEnumerable<SegFinding> Channels(ConfigFacts facts)
    {
        LoaderConfig loader = facts.Loader;
        string[] training = [.. loader.ContrastParams.TrainingValidation.Distinct(StringComparer.Ordinal)];
        if (!loader.Multichannel)
        {
            yield break;
        }

        if (loader.ContrastParams.Balance.Count > 0)
        {
            yield return MultichannelBalance.At(
                Contrasts + ".balance", "contrasts that are channels of one input cannot be balanced; drop balance or multichannel.");
        }

        if (training.Length == 0)
        {
            yield return MultichannelContrasts.At(
                Contrasts + ".training_validation", "multichannel needs the contrasts in the order of the channels.");
        }

        if (training.Length == 1)
        {
            yield return MultichannelOneContrast.At("loader_parameters.multichannel", $"there is one channel, {training[0]}.");
        }

        string[] testing = loader.ContrastParams.Testing;
        if (testing.Length > 0 && training.Length > 0 && !testing.SequenceEqual(training, StringComparer.Ordinal))
        {
            yield return MultichannelTesting.At(
                Contrasts + ".testing", $"the channels are those of training, {Describe.OneOf(training)}, also for testing.");
        }

        if (loader.TargetContrast is { } target && training.Length > 0 && !training.Contains(target, StringComparer.Ordinal))
        {
            yield return TargetContrastUnknown.At(
                "loader_parameters.target_contrast", $"'{target}' is no channel; choose among {Describe.OneOf(training)}.");
        }
    }

    private static IEnumerable<SegFinding> ContrastNames(LoaderConfig loader)
    {
        string[] training = loader.ContrastParams.TrainingValidation;
        string[] testing = loader.ContrastParams.Testing;
        string[] unknown = training.Length == 0 || testing.Length == 0
            ? []
            : [.. loader.ContrastParams.Balance.Keys.Where(c => !training.Concat(testing).Any(t => IsPartOf(c, t))).Order(StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            yield return BalanceContrastUnknown.At(
                Contrasts + ".balance", $"{Describe.OneOf(unknown)}: no contrast of training or testing, so without effect.");
        }

        string[] untrained = training.Length == 0 || loader.Multichannel ? [] : [.. testing.Where(t => !training.Any(c => IsPartOf(t, c)))];
        if (untrained.Length > 0)
        {
            yield return TestContrastUntrained.At(
                Contrasts + ".testing", $"{Describe.OneOf(untrained)}: tested and not among the contrasts of training.");
        }
    }

    /// <summary>acq-ax_T2w is one of the images that T2w names.</summary>
    private static bool IsPartOf(string contrast, string name) => contrast == name || contrast.EndsWith("_" + name, StringComparison.Ordinal)
        || name.EndsWith("_" + contrast, StringComparison.Ordinal);
}
