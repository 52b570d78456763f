namespace MedSeg;

/// <summary>Something noticed about a configuration, alone or together with a dataset, with what to do about it.</summary>
/// <param name="Id">Stable identifier, documented in docs/findings.md.</param>
/// <param name="Severity">An error stops training; a warning means that something does not do what one may expect.</param>
/// <param name="Key">Key path, for example <c>training_parameters.batch_size</c>; empty for the configuration as a whole.</param>
/// <param name="Message">What was found.</param>
/// <param name="Recommendation">What to do.</param>
public sealed record SegFinding(string Id, FindingSeverity Severity, string Key, string Message, string Recommendation)
{
    /// <summary>The configuration file that was checked; empty for a configuration that is not of a file.</summary>
    public string Path { get; init; } = "";

    public override string ToString() => Key.Length == 0 ? $"{Severity}: {Message}" : $"{Severity}: {Key}: {Message}";
}
