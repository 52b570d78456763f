namespace MedSeg.Engine.Data;

/// <summary>Names in a sentence: a dataset may have a hundred thousand of them.</summary>
internal static class NameList
{
    private const int Most = 10;

    /// <summary>The names with commas, of many the first ten and how many more there are.</summary>
    public static string Of(IReadOnlyCollection<string> names, string none = "none") =>
        names.Count == 0 ? none
        : names.Count <= Most + 1 ? string.Join(", ", names)
        : string.Join(", ", names.Take(Most)) + FormattableString.Invariant($" and {names.Count - Most} more");
}
