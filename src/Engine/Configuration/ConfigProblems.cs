namespace MedSeg.Engine.Configuration;

/// <summary>Collects what is wrong, so that one error can tell everything.</summary>
internal sealed class ConfigProblems(string? source)
{
    private const int MostShown = 20;
    private const int LongestPart = 80;
    private const int MostHints = 100;
    private readonly List<ConfigProblem> _items = [];

    public int Count => _items.Count;

    public void Add(string errorId, string key, ConfigPosition at, string message) =>
        _items.Add(new ConfigProblem(errorId, key, source, at.Line, at.Column, message));

    /// <summary>So many problems that hints, which cost more than all the rest of reading, help nobody.</summary>
    public bool IsFlood => _items.Count >= MostHints;

    /// <summary>The known name that is meant, or null.</summary>
    public string? Nearest(string name, IReadOnlyCollection<string> known) => IsFlood ? null : NearestName.Of(name, known);

    /// <summary>A key that its object has already.</summary>
    /// <param name="path">Keys and list positions (<c>[0]</c>) that lead to it; long ones of hostile files are cut.</param>
    public void AddDuplicate(IEnumerable<string> path, ConfigPosition at, ConfigPosition first)
    {
        string key = string.Concat(path.Select(p => p.StartsWith('[') ? p : "." + (p.Length > LongestPart ? p[..LongestPart] + "…" : p)));
        Add("ConfigDuplicateKey", key.TrimStart('.'), at, $"the key occurs twice, first on line {first.Line}.");
    }

    /// <summary>Throws one error with all problems in file order; its id is that of the first.</summary>
    public void ThrowIfAny()
    {
        if (_items.Count == 0)
        {
            return;
        }

        ConfigProblem[] sorted = [.. _items.OrderBy(p => p.Line).ThenBy(p => p.Column)];
        throw new SegException(
            sorted[0].ErrorId,
            SegErrorKind.InvalidArgument,
            Text(sorted),
            "Correct the keys named; docs/configuration.md lists all.",
            sorted);
    }

    /// <summary>The error of a file that cannot be read as a document at all.</summary>
    public static SegException Unreadable(
        string errorId, string source, ConfigPosition at, string message, string recommendation, Exception? inner = null)
    {
        var problem = new ConfigProblem(errorId, "", source, at.Line, at.Column, message);
        return new SegException(errorId, SegErrorKind.InvalidData, $"{source}: {problem}", recommendation, new[] { problem }, inner);
    }

    private string Text(ConfigProblem[] sorted)
    {
        string name = source ?? "The configuration";
        if (sorted.Length == 1)
        {
            return $"{name}: {sorted[0]}";
        }

        IEnumerable<string> lines = sorted.Take(MostShown).Select(p => $"  {p}");
        string more = sorted.Length > MostShown ? $"\n  … and {sorted.Length - MostShown} more" : "";
        return $"{name} has {sorted.Length} problems:\n{string.Join('\n', lines)}{more}";
    }
}
