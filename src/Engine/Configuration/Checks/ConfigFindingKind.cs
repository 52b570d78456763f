namespace MedSeg.Engine.Configuration.Checks;

/// <summary>One kind of finding about a configuration: its stable id, how serious it is and what a user should do about it.</summary>
/// <param name="Id">Stable identifier, documented in docs/findings.md.</param>
/// <param name="Severity">An error stops training before it begins.</param>
/// <param name="Recommendation">What to do.</param>
public sealed record ConfigFindingKind(string Id, FindingSeverity Severity, string Recommendation)
{
    /// <summary>A finding of this kind.</summary>
    /// <param name="key">Key path.</param>
    /// <param name="message">What was found, as it follows the key in a sentence.</param>
    internal SegFinding At(string key, string message) => new(Id, Severity, key, message, Recommendation);
}
