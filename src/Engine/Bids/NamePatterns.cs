using System.Text.RegularExpressions;

namespace MedSeg.Engine.Bids;

/// <summary>One entity of a <c>bids_config</c>.</summary>
/// <param name="Key">How it is called in file names and in <see cref="BidsImage.Entities"/>: <c>acq</c> for <c>acquisition</c>.</param>
/// <param name="Pattern">Its first group is the value.</param>
/// <param name="Mandatory">Files without it are no images.</param>
internal sealed record NamePattern(string Key, SafePattern Pattern, bool Mandatory);

/// <summary>
/// The patterns of a <c>bids_config</c>. They read names and places that the standard's rules refuse, and add entities that a name lacks.
/// Names that the standard can read keep what it reads.
/// </summary>
internal sealed class NamePatterns(string path, IReadOnlyList<NamePattern> patterns)
{
    private const string Subject = "sub";
    private const string SubjectPrefix = "sub-";
    private const string Suffix = "suffix";
    private const string DataType = "datatype";
    private const string Extension = "extension";
    private const int MaximumValue = 200;

    /// <summary>The entities that the file gives names to, in its order.</summary>
    public IReadOnlyList<NamePattern> Patterns { get; } = patterns;

    /// <summary>A name of the standard with the entities that it lacks.</summary>
    /// <exception cref="SegException"><c>BidsConfigTooSlow</c>.</exception>
    public BidsName Extend(BidsName name, BidsFile file)
    {
        Dictionary<string, string>? entities = null;
        foreach (var pattern in Patterns.Where(p => !IsPart(p.Key)))
        {
            if (name.Entities.ContainsKey(pattern.Key) || Value(pattern, file) is not { } value)
                continue;
            entities ??= new Dictionary<string, string>(name.Entities, StringComparer.Ordinal);
            entities[pattern.Key] = value;
        }

        return entities is null ? name : name with { Entities = entities };
    }

    /// <summary>Reads a name that the standard refuses.</summary>
    /// <param name="problem">What is wrong when null is returned.</param>
    /// <exception cref="SegException"><c>BidsConfigTooSlow</c>.</exception>
    public (BidsName Name, string DataType)? Read(BidsFile file, out string problem)
    {
        var entities = new Dictionary<string, string>(StringComparer.Ordinal);
        string? suffix = null, dataType = null;
        foreach (var pattern in Patterns)
        {
            var value = Value(pattern, file);
            if (value is null && pattern.Mandatory)
                return Fail($"bids_config finds no {NameColumns.LongName(pattern.Key)} in it", out problem);
            if (value is null)
                continue;
            if (pattern.Key is Subject && value.StartsWith(SubjectPrefix, StringComparison.Ordinal))
                value = value[SubjectPrefix.Length..];
            if (pattern.Key is Subject or "ses" or Suffix or DataType && !BidsName.IsLabel(value))
                return Fail($"bids_config finds the {NameColumns.LongName(pattern.Key)} '{value}', which is more than letters and digits", out problem);
            if (pattern.Key is Suffix)
                suffix = value;
            else if (pattern.Key is DataType)
                dataType = value;
            else if (pattern.Key is not Extension)
                entities[pattern.Key] = value;
        }

        if (!entities.ContainsKey(Subject) || suffix is null)
            return Fail($"bids_config finds no {(suffix is null ? Suffix : "subject")} in it", out problem);
        problem = "";
        return (new BidsName(entities, suffix), dataType ?? file.Folder[(file.Folder.LastIndexOf('/') + 1)..]);
    }

    private static bool IsPart(string key) => key is Suffix or DataType or Extension;

    /// <summary>
    /// Patterns see the path below the root with a slash before it, as the reference's patterns expect. A value that spans folders or is
    /// longer than a name is none (extensions aside, which are not looked for).
    /// </summary>
    private string? Value(NamePattern pattern, BidsFile file)
    {
        try
        {
            return pattern.Pattern.FirstGroup("/" + file.RelativePath) is { Length: <= MaximumValue } value && !value.Contains('/', StringComparison.Ordinal)
                ? value
                : null;
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new SegException(
                "BidsConfigTooSlow", SegErrorKind.InvalidData,
                $"'{path}': the pattern of '{NameColumns.LongName(pattern.Key)}' ({pattern.Pattern.Text}) takes too long for '{file.RelativePath}'.",
                "Write the pattern without look-around and back references; it then runs in linear time.", path, e);
        }
    }

    private static (BidsName, string)? Fail(string message, out string problem)
    {
        problem = message;
        return null;
    }
}
