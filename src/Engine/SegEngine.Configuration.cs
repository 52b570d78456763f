using MedSeg.Engine.Configuration;
using MedSeg.Engine.Configuration.Checks;
using MedSeg.Engine.Data.Checks;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>Reads a configuration file over the defaults; converted names are warned about.</summary>
    /// <param name="path">Full path of a JSON or YAML file.</param>
    /// <param name="observer">Hears the warnings.</param>
    /// <exception cref="SegException">See <see cref="ConfigReader.Read"/>.</exception>
    public static SegConfig ReadConfig(string path, ISegObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return ConfigReader.Read(path, Catalog, observer.Warning);
    }

    /// <summary>Writes a configuration file: YAML for .yaml and .yml, else JSON, unless <paramref name="yaml"/> says which.</summary>
    /// <exception cref="SegException">See <see cref="ConfigWriter.Write"/>.</exception>
    public static void WriteConfig(SegConfig config, string path, bool? yaml = null) => ConfigWriter.Write(config, path, yaml);

    /// <summary>Writes the JSON Schema of configuration files, whole or not at all; an existing file is replaced.</summary>
    /// <exception cref="SegException"><c>DiskFull</c>, <c>CannotWrite</c>.</exception>
    public static void WriteConfigSchema(string path) => AtomicFile.WriteAllText(path, ConfigSchema.Of(Catalog));

    /// <summary>Sets one key by its path.</summary>
    /// <exception cref="SegException">See <see cref="ConfigKeys.Set"/>.</exception>
    public static void SetConfigValue(SegConfig config, string key, object? value) => ConfigKeys.Set(config, key, value, Catalog);

    /// <summary>Sets several keys by their paths; names of components come first.</summary>
    /// <exception cref="SegException">See <see cref="ConfigKeys.Set"/>.</exception>
    public static void SetConfigValues(SegConfig config, IReadOnlyDictionary<string, object?> values) => ConfigKeys.SetAll(config, values, Catalog);

    /// <summary>Checks that every value fits, that keys agree, and that this version has what is used.</summary>
    /// <exception cref="SegException">See <see cref="ConfigValidator"/>.</exception>
    public static void ValidateConfig(SegConfig config)
    {
        ConfigValidator.Validate(config, Catalog);
        ConfigValidator.RequireSupported(config, Catalog);
    }

    /// <summary>Checks every value by itself; a configuration that is not complete yet may pass.</summary>
    /// <exception cref="SegException">See <see cref="ConfigValidator.ValidateValues"/>.</exception>
    public static void ValidateConfigValues(SegConfig config) => ConfigValidator.ValidateValues(config, Catalog);

    /// <summary>Everything that can be said about a configuration before it is used: contradictions, and what does not fit a dataset.</summary>
    /// <param name="config">Not changed.</param>
    /// <param name="dataset">Null leaves out what needs one. Names, tables and image headers are read, no voxels.</param>
    /// <param name="location">Full path of the folder from which relative paths of the configuration are meant.</param>
    /// <param name="observer">Sees progress.</param>
    /// <returns>Findings, errors first.</returns>
    public static IReadOnlyList<SegFinding> TestConfig(
        SegConfig config, BidsDataset? dataset, string location, ISegObserver observer, CancellationToken ct)
    {
        try
        {
            ConfigValidator.ValidateValues(config, Catalog);
        }
        catch (SegException error)
        {
            return [.. FileChecks.Problems(error)];
        }

        List<SegFinding> findings = [.. ConfigChecks.Of(config)];
        // A configuration that contradicts itself asks nothing definite of a dataset.
        bool isConsistent = findings.TrueForAll(f => f.Severity != FindingSeverity.Error);
        findings.AddRange(ConfigChecks.OfFeatures(config, Catalog));
        if (isConsistent)
        {
            findings.AddRange(DatasetChecks.Of(config, dataset, location, observer, ct));
        }

        return [.. findings.OrderByDescending(f => f.Severity)];
    }

    /// <summary>As the other overload, for a file: what cannot be read becomes findings as well.</summary>
    /// <param name="path">Full path of a JSON or YAML file.</param>
    public static IReadOnlyList<SegFinding> TestConfig(
        string path, BidsDataset? dataset, string location, ISegObserver observer, CancellationToken ct)
    {
        (SegConfig? config, IReadOnlyList<SegFinding> reading) = FileChecks.Read(path, Catalog);
        IEnumerable<SegFinding> findings = config is null
            ? reading
            : TestConfig(config, dataset, location, observer, ct).Concat(reading).OrderByDescending(f => f.Severity);
        return [.. findings.Select(f => f with { Path = path })];
    }

    /// <summary>Every key path that a configuration has, for completion.</summary>
    public static IReadOnlyList<string> ConfigKeyPaths() => ConfigKeys.All(Catalog);
}
