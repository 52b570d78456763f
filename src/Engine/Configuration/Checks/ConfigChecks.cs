namespace MedSeg.Engine.Configuration.Checks;

/// <summary>What the keys of a configuration say together. Every value must fit by itself (<see cref="ConfigValidator.ValidateValues"/>).</summary>
internal static class ConfigChecks
{
    /// <summary>Findings in the order of the configuration's sections.</summary>
    public static IReadOnlyList<SegFinding> Of(SegConfig config)
    {
        var facts = new ConfigFacts(config);
        return
        [
            .. LabelChecks.Of(facts), .. LoaderChecks.Of(facts), .. SplitChecks.Of(facts), .. TrainingChecks.Of(facts), .. NetworkChecks.Of(facts),
            .. PredictionChecks.Of(facts), .. TransformChecks.Of(facts),
        ];
    }

    /// <summary>Features that are used and not there yet, and keys that are set in vain.</summary>
    public static IEnumerable<SegFinding> OfFeatures(SegConfig config, ComponentCatalog catalog)
    {
        foreach ((string key, string found, string advice) in LaterFeatures.UsedBy(config, catalog))
        {
            yield return ConfigFindingCatalog.NotSupportedYet.At(key, $"{found} is not supported yet. {advice}");
        }

        foreach ((string key, string value, string advice) in IdleKeys.UsedBy(config))
        {
            yield return ConfigFindingCatalog.KeyWithoutEffect.At(key, $"{value} has no effect. {advice}");
        }
    }
}
