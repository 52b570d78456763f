namespace MedSeg.Engine.Bids;

/// <summary>
/// The standard's own entities as patterns, for datasets that are not valid BIDS (<c>bids_validate: false</c>): an image is read wherever
/// it lies when its path has a subject and its name ends with a suffix.
/// </summary>
internal static class StandardPatterns
{
    private const string Label = "([A-Za-z0-9+]+)";

    public static NamePatterns Create()
    {
        var patterns = new List<NamePattern> { Of("sub", $"[/_]sub-{Label}"), Of("ses", $"[/_]ses-{Label}") };
        patterns.AddRange(NameColumns.StandardKeys.Where(key => key is not ("sub" or "ses")).Select(key => Of(key, $"[/_]{key}-{Label}")));
        patterns.Add(Of("suffix", $@"[/_]{Label}\.[^/]+$"));
        return new NamePatterns("the standard's patterns", patterns);
    }

    private static NamePattern Of(string key, string pattern) => new(
        key, SafePattern.Compile(pattern, out var problem) ?? throw new InvalidOperationException($"{pattern} {problem}"), false);
}
