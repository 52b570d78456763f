namespace MedSeg.Engine.Bids;

/// <summary>A file name taken apart: <c>sub-01_ses-2_acq-MTon_MTS</c> has the entities sub, ses and acq and the suffix MTS.</summary>
/// <param name="Entities">Key to value in the order of the name, the subject included where the name has one.</param>
/// <param name="Suffix">The last part, for example <c>T2w</c>.</param>
internal sealed record BidsName(IReadOnlyDictionary<string, string> Entities, string Suffix)
{
    /// <summary>With its prefix, or null for names without a subject (inherited sidecars).</summary>
    public string? Subject => Entities.TryGetValue("sub", out var label) ? "sub-" + label : null;

    /// <summary><c>acq-x_suffix</c> where there is an acquisition, else the suffix.</summary>
    public string Contrast => Entities.TryGetValue("acq", out var acquisition) ? $"acq-{acquisition}_{Suffix}" : Suffix;

    /// <summary>Takes a name without extension apart by the rules of the BIDS specification.</summary>
    /// <param name="problem">What is wrong with the name when null is returned.</param>
    public static BidsName? Parse(string stem, out string? problem)
    {
        var parts = stem.Split('_');
        var entities = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in parts.AsSpan(0, parts.Length - 1))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (dash < 1 || !IsLabel(part.AsSpan(0, dash)) || !IsLabel(part.AsSpan(dash + 1)))
                return Fail($"'{part}' is not of the form key-value with letters and digits", out problem);
            if (!entities.TryAdd(part[..dash], part[(dash + 1)..]))
                return Fail($"the entity '{part[..dash]}' occurs twice", out problem);
        }

        var suffix = parts[^1];
        if (!IsLabel(suffix))
            return Fail($"it ends with '{suffix}' where a suffix such as T2w is expected", out problem);
        problem = null;
        return new BidsName(entities, suffix);
    }

    /// <summary>True when every entity of this name has the same value in the other: the rule for inherited sidecars.</summary>
    public bool AppliesTo(BidsName image)
    {
        if (!string.Equals(Suffix, image.Suffix, StringComparison.Ordinal))
            return false;
        foreach (var (key, value) in Entities)
        {
            if (!image.Entities.TryGetValue(key, out var other) || !string.Equals(value, other, StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    /// <summary>True for a label as BIDS allows it: one or more ASCII letters, digits or plus signs.</summary>
    public static bool IsLabel(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '+')
                return false;
        }

        return text.Length > 0;
    }

    private static BidsName? Fail(string message, out string? problem)
    {
        problem = message;
        return null;
    }
}
