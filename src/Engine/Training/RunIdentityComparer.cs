using System.Globalization;
using System.Text.Json.Nodes;

namespace MedSeg.Engine.Training;

/// <summary>Finds what changed between a run and its resume.</summary>
internal static class RunIdentityComparer
{
    private const int Shown = 20;

    /// <summary>One line per difference, "key: then → now"; empty when nothing changed.</summary>
    public static IReadOnlyList<string> Differences(RunIdentity then, RunIdentity now)
    {
        var lines = new List<string>();
        SortedDictionary<string, string> before = Flatten(then.Config), after = Flatten(now.Config);
        foreach (string key in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            string old = before.GetValueOrDefault(key, "(absent)"), current = after.GetValueOrDefault(key, "(absent)");
            if (old != current) lines.Add($"{key}: {old} → {current}");
        }

        if (then.Seed != now.Seed) lines.Add(string.Create(CultureInfo.InvariantCulture, $"-Seed: {then.Seed} → {now.Seed}"));
        AddSplit(lines, "training", then.Split.Training, now.Split.Training);
        AddSplit(lines, "validation", then.Split.Validation, now.Split.Validation);
        if (lines.Count == 0 && then.Data != now.Data) lines.Add("dataset: names or sizes of its files have changed");
        return lines;
    }

    /// <param name="mayForce">The differences could be accepted with -Force.</param>
    /// <exception cref="SegException"><c>ResumeMismatch</c> listing the differences.</exception>
    public static void RequireSame(RunIdentity then, RunIdentity now, string runPath, bool mayForce = true)
    {
        IReadOnlyList<string> differences = Differences(then, now);
        if (differences.Count == 0) return;
        throw new SegException(
            "ResumeMismatch",
            SegErrorKind.InvalidArgument,
            $"The run in '{runPath}' was started with other settings:{List(differences)}",
            mayForce
                ? "Resume with the settings it was started with, go on with the new ones with -Force, or start a new run in another folder."
                : "Resume with the settings it was started with, or start a new run in another folder; a finished model is not changed.",
            runPath);
    }

    /// <summary>The first differences, each on a line of its own, indented.</summary>
    public static string List(IReadOnlyList<string> differences)
    {
        string more = differences.Count > Shown ? $"{Environment.NewLine}  … and {differences.Count - Shown} more" : "";
        return string.Concat(differences.Take(Shown).Select(line => $"{Environment.NewLine}  {line}")) + more;
    }

    private static void AddSplit(List<string> lines, string part, IReadOnlyList<string> then, IReadOnlyList<string> now)
    {
        if (!then.SequenceEqual(now)) lines.Add($"{part} participants: {string.Join(", ", then)} → {string.Join(", ", now)}");
    }

    /// <summary>Dotted key paths to leaf values; empty objects and arrays are leaves.</summary>
    private static SortedDictionary<string, string> Flatten(JsonNode root)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Visit(root, "");
        return result;

        void Visit(JsonNode? node, string path)
        {
            switch (node)
            {
                case JsonObject { Count: > 0 } obj:
                    foreach (var (key, value) in obj) Visit(value, path.Length == 0 ? key : $"{path}.{key}");
                    break;
                case JsonArray { Count: > 0 } array:
                    for (int i = 0; i < array.Count; i++) Visit(array[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
                    break;
                default:
                    result[path] = node?.ToJsonString() ?? "null";
                    break;
            }
        }
    }
}
