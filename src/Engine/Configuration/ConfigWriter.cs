using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Configuration;

/// <summary>
/// Writes configurations with the keys they are read by; reading back gives an equal configuration. Null is written only where
/// it differs from the default, and sections of networks that are not used are left out.
/// </summary>
public static class ConfigWriter
{
    /// <summary>JSON with two spaces of indentation and '\n' line ends.</summary>
    /// <exception cref="SegException"><c>ConfigWrongType</c> when a parameter holds something that no file can.</exception>
    public static string ToJson(SegConfig config) => Text(config, ConfigJson.Write);

    /// <summary>YAML 1.2 in block style; lists of plain values stand on one line.</summary>
    /// <exception cref="SegException"><c>ConfigWrongType</c> when a parameter holds something that no file can.</exception>
    public static string ToYaml(SegConfig config) => Text(config, ConfigYaml.Write);

    /// <summary>Writes a file whole or not at all: YAML for <c>.yaml</c> and <c>.yml</c>, JSON for every other name.</summary>
    /// <param name="config">What to write.</param>
    /// <param name="path">Full path; an existing file is replaced.</param>
    /// <param name="yaml">True for YAML and false for JSON whatever the name; null goes by the name.</param>
    /// <exception cref="SegException"><c>DiskFull</c>, <c>CannotWrite</c>, or as <see cref="ToJson"/>.</exception>
    public static void Write(SegConfig config, string path, bool? yaml = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool byName = Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml";
        AtomicFile.WriteAllText(path, yaml ?? byName ? ToYaml(config) : ToJson(config));
    }

    private static string Text(SegConfig config, Func<ConfigNode, string> write)
    {
        ArgumentNullException.ThrowIfNull(config);
        try
        {
            return write(ConfigTree.Of(config, full: false));
        }
        catch (InvalidCastException error)
        {
            throw new SegException(
                "ConfigWrongType",
                SegErrorKind.InvalidArgument,
                $"The configuration cannot be written: {error.Message}",
                "Use numbers, texts, truth values, lists and dictionaries.",
                config,
                error);
        }
    }
}
