namespace MedSeg;

/// <summary>One thing that is wrong in a configuration.</summary>
/// <param name="ErrorId">Stable identifier, for example <c>ConfigUnknownKey</c>.</param>
/// <param name="Key">Key path, for example <c>training_parameters.batch_size</c>; empty for the file as a whole.</param>
/// <param name="File">The file, or null for a configuration in memory.</param>
/// <param name="Line">From 1; 0 when there is no file.</param>
/// <param name="Column">From 1, in characters; 0 when there is no file.</param>
/// <param name="Message">What was found and what is allowed.</param>
public sealed record ConfigProblem(string ErrorId, string Key, string? File, int Line, int Column, string Message)
{
    public override string ToString()
    {
        string subject = Key.Length == 0 ? Message : $"{Key}: {Message}";
        return Line > 0 ? $"line {Line}, column {Column}: {subject}" : subject;
    }
}
