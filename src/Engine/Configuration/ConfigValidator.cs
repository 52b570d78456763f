using MedSeg.Engine.Configuration.Checks;

namespace MedSeg.Engine.Configuration;

/// <summary>Checks a configuration before work starts.</summary>
public static class ConfigValidator
{
    /// <summary>Checks every value and what keys say together, ready for training.</summary>
    /// <exception cref="SegException">All problems in one error; ids as <see cref="ConfigReader.Parse"/>, and <c>ConfigConflict</c>.</exception>
    public static void Validate(SegConfig config, ComponentCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ConfigProblems problems = Values(config, catalog);
        problems.ThrowIfAny();
        foreach (SegFinding finding in ConfigChecks.Of(config).Where(f => f.Severity == FindingSeverity.Error))
        {
            problems.Add("ConfigConflict", finding.Key, default, finding.Message);
        }

        problems.ThrowIfAny();
    }

    /// <summary>Checks every value by itself.</summary>
    /// <exception cref="SegException">All problems in one error; ids as <see cref="ConfigReader.Parse"/>.</exception>
    public static void ValidateValues(SegConfig config, ComponentCatalog catalog) => Values(config, catalog).ThrowIfAny();

    /// <summary>Refuses features that this version reads but does not have yet, where the configuration uses them.</summary>
    /// <exception cref="SegException"><c>NotSupportedYet</c>, naming every key and its value.</exception>
    public static void RequireSupported(SegConfig config, ComponentCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(catalog);
        ConfigProblem[] used = [.. LaterFeatures.UsedBy(config, catalog).Select(
            u => new ConfigProblem("NotSupportedYet", u.Key, null, 0, 0, $"{u.Found} is not supported yet. {u.Advice}"))];
        if (used.Length > 0)
        {
            throw new SegException(
                "NotSupportedYet",
                SegErrorKind.NotSupported,
                used.Length == 1
                    ? used[0].ToString()
                    : $"The configuration uses {used.Length} features that are not supported yet:\n  {string.Join("\n  ", used.AsEnumerable())}",
                "Change or remove the keys named.",
                used);
        }
    }

    /// <summary>Tells about keys that the configuration sets and that nothing reads.</summary>
    public static void WarnOfIdle(SegConfig config, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(warn);
        foreach ((string key, string value, string advice) in IdleKeys.UsedBy(config))
        {
            warn($"{key}: {value} has no effect. {advice}");
        }
    }

    private static ConfigProblems Values(SegConfig config, ComponentCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(config);
        var problems = new ConfigProblems(null);
        try
        {
            new ConfigBinder(catalog, problems).Section(ConfigTree.Of(config, full: true), new SegConfig(), "");
        }
        catch (InvalidCastException error)
        {
            problems.Add("ConfigWrongType", "", default, error.Message);
        }

        return problems;
    }
}
