using System.Text.RegularExpressions;

namespace MedSeg.Engine.Configuration;

/// <summary>Which target suffixes there may be. They become parts of file names, so nothing that could lead to another folder.</summary>
internal static partial class TargetSuffixRule
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed = "letters, digits, '_', '-' and '+'";

    /// <summary>True for <c>_seg-manual</c> and the like: ASCII letters, digits, '_', '-' and '+'.</summary>
    public static bool IsValid(string? suffix) => suffix is not null && Pattern().IsMatch(suffix);

    [GeneratedRegex(@"\A_?[A-Za-z0-9+_-]+\z")]
    private static partial Regex Pattern();
}
