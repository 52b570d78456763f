using static MedSeg.Engine.Configuration.Checks.ConfigFindingCatalog;

namespace MedSeg.Engine.Configuration.Checks;

/// <summary>Uncertainty, post-processing, cascades and evaluation.</summary>
internal static class PredictionChecks
{
    private static readonly string[] Varying = ["RandomAffine", "RandomReverse", "RandomShiftIntensity"];

    public static IEnumerable<SegFinding> Of(ConfigFacts facts) =>
        [.. Cascade(facts), .. Uncertainty(facts), .. Steps(facts), .. Evaluation(facts.Config)];

    /// <summary>The step makes 0 and 1 of probabilities.</summary>
    public static bool IsBinarization(ComponentConfig step) =>
        step.Name == "binarize_maxpooling" || (step.Name == "binarize_prediction" && !IsOff(step));

    private static IEnumerable<SegFinding> Cascade(ConfigFacts facts)
    {
        ObjectDetectionConfig cascade = facts.Config.ObjectDetectionParams;
        if (cascade.ObjectDetectionPath is not null && cascade.SafetyFactor.Any(f => f < 1))
        {
            yield return SafetyFactorSmall.At(
                "object_detection_params.safety_factor", "a factor below 1 cuts into the object that was found.");
        }
    }

    private static IEnumerable<SegFinding> Uncertainty(ConfigFacts facts)
    {
        UncertaintyConfig uncertainty = facts.Config.Uncertainty;
        bool wanted = uncertainty.Epistemic || uncertainty.Aleatoric;
        if (wanted != (uncertainty.NIt > 0))
        {
            yield return UncertaintyOff.At(
                "uncertainty.n_it",
                wanted ? "0 repetitions turn uncertainty off." : $"{uncertainty.NIt} repetitions of nothing: epistemic and aleatoric are false.");
        }

        if (uncertainty.NIt == 0)
        {
            yield break;
        }

        if (uncertainty.Epistemic && facts.Config.DefaultModel.DropoutRate == 0)
        {
            yield return EpistemicWithoutDropout.At(
                "default_model.dropout_rate", "0 drops nothing, so that every repetition gives the same.");
        }

        if (!uncertainty.Aleatoric)
        {
            yield break;
        }

        TransformConfig[] varying = [.. facts.Config.Transformation.Where(t => Varying.Contains(t.Name) && ConfigFacts.IsIn(t, "training"))];
        if (varying.Length == 0)
        {
            yield return AleatoricWithoutRandom.At(
                "uncertainty.aleatoric", "no random transform of training can be undone, so that every repetition gives the same.");
        }

        IEnumerable<TransformConfig> moving = varying.Where(t => ConfigFacts.SpatialTransforms.Contains(t.Name));
        foreach (TransformConfig transform in moving.Where(t => t.AppliedTo.Length > 0 && !t.AppliedTo.Contains("gt")))
        {
            yield return AleatoricNotOnLabel.At(
                $"transformation.{transform.Name}.applied_to", "the label is not moved, so that repeated predictions are not moved back.");
        }
    }

    private static IEnumerable<SegFinding> Steps(ConfigFacts facts)
    {
        ComponentConfig[] steps = facts.Config.Postprocessing;
        if (steps.Count(IsBinarization) > 1)
        {
            yield return TwoBinarizations.At(
                "postprocessing.binarize_maxpooling", "binarize_prediction cuts as well; whatever comes first decides.");
        }

        bool isMapMissing = facts.Config.Uncertainty is { NIt: 0 } or { Epistemic: false, Aleatoric: false };
        if (isMapMissing && steps.Any(s => s.Name == "uncertainty" && !IsOff(s)))
        {
            yield return UncertaintyStepWithoutMap.At(
                "postprocessing.uncertainty", "uncertainty is off, so that there is no map to cut by.");
        }

        if (steps.FirstOrDefault(s => s.Name == "remove_small") is { } small && facts.Classes > 0
            && small.Parameters.GetValueOrDefault("thr") is System.Collections.IList sizes && sizes.Count != facts.Classes)
        {
            yield return RemoveSmallLength.At("postprocessing.remove_small.thr", $"{sizes.Count} sizes for {facts.Classes} classes.");
        }
    }

    private static IEnumerable<SegFinding> Evaluation(SegConfig config)
    {
        if (config.EvaluationParameters.TargetSize?.Thr is { } bins && bins.Zip(bins.Skip(1)).Any(p => p.Second <= p.First))
        {
            yield return SizeBinsOrder.At(
                "evaluation_parameters.target_size.thr", $"{string.Join(", ", bins.Select(Describe.Number))} do not rise.");
        }
    }

    /// <summary>A negative threshold switches a step off; one that is absent is that of the step, which is off for uncertainty.</summary>
    private static bool IsOff(ComponentConfig step) => ConfigFacts.Numbers(step, "thr") is [var thr] ? thr < 0 : step.Name == "uncertainty";
}
