using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Bids;

/// <summary>
/// Reads a <c>bids_config</c>: JSON with <c>entities</c>, a list of <c>name</c> and <c>pattern</c>. <c>name</c> and
/// <c>default_path_patterns</c> of the file, and <c>directory</c>, <c>dtype</c> and <c>missing_value</c> of an entity are accepted and have no effect here.
/// </summary>
internal static class PatternFile
{
    private const int MaximumEntities = 200;
    private const string Advice = "Write {\"name\": \"my\", \"entities\": [{\"name\": \"subject\", \"pattern\": \"/patient-([0-9]+)/\"}, …]}.";

    private static readonly string[] FileKeys = ["name", "entities", "default_path_patterns"];
    private static readonly string[] EntityKeys = ["name", "pattern", "mandatory", "directory", "dtype", "missing_value"];

    /// <summary>The patterns of a file.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="warn">Told about keys that nothing uses.</param>
    /// <exception cref="SegException"><c>BidsConfigNotFound</c> or <c>BidsConfigInvalid</c>.</exception>
    public static NamePatterns Read(string path, Action<string> warn)
    {
        if (!File.Exists(path))
        {
            throw new SegException(
                "BidsConfigNotFound",
                SegErrorKind.NotFound,
                $"The bids_config '{path}' does not exist.",
                "Give its full path; or remove the key if it is the file that ivadomed ships: names of microscopy and CT are known without it.",
                path);
        }

        var file = SafeJson.ReadObject(path, out var problem) ?? throw Invalid(path, problem);
        WarnOfUnknown(path, "the file", file.Keys, FileKeys, warn);
        if (file.GetValueOrDefault("entities") is not object?[] entities || entities.Length == 0)
            throw Invalid(path, "has no list 'entities' with entries.");
        if (entities.Length > MaximumEntities)
            throw Invalid(path, $"has {entities.Length} entities, more than the {MaximumEntities} that are allowed.");
        var patterns = new List<NamePattern>(entities.Length);
        for (var i = 0; i < entities.Length; i++)
        {
            var pattern = Entity(path, entities[i], $"entities[{i}]", warn);
            if (patterns.Exists(p => p.Key == pattern.Key))
                throw Invalid(path, $"entities[{i}]: the entity '{NameColumns.LongName(pattern.Key)}' occurs twice.");
            patterns.Add(pattern);
        }

        return new NamePatterns(path, patterns);
    }

    private static NamePattern Entity(string path, object? value, string at, Action<string> warn)
    {
        if (value is not IReadOnlyDictionary<string, object?> entity)
            throw Invalid(path, $"{at} is not an object with 'name' and 'pattern'.");
        WarnOfUnknown(path, at, entity.Keys, EntityKeys, warn);
        if (entity.GetValueOrDefault("name") is not string name || !IsName(name))
            throw Invalid(path, $"{at}.name is not a word of letters, digits and underscores.");
        if (entity.GetValueOrDefault("pattern") is not string text)
            throw Invalid(path, $"{at}.pattern of '{name}' is not a text.");
        if (SafePattern.Compile(text, out var problem) is not { } pattern)
            throw Invalid(path, $"{at}.pattern of '{name}' {problem}: {Shortened(text)}");
        return new NamePattern(NameColumns.ShortName(name), pattern, entity.GetValueOrDefault("mandatory") is true);
    }

    private static bool IsName(string name) => name.Length is > 0 and <= 50 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string Shortened(string text) => text.Length > 120 ? text[..120] + "…" : text;

    private static void WarnOfUnknown(string path, string where, IEnumerable<string> keys, string[] known, Action<string> warn)
    {
        foreach (var key in keys.Where(k => !known.Contains(k, StringComparer.Ordinal)))
        {
            var near = NearestName.Of(key, known);
            warn($"'{path}': {where} has the key '{key}', which is not known and has no effect{(near is null ? "" : $"; did you mean '{near}'?")}.");
        }
    }

    private static SegException Invalid(string path, string problem) => new(
        "BidsConfigInvalid", SegErrorKind.InvalidData, $"'{path}' {problem}", Advice, path);
}
