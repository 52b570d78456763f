using System.Globalization;
using System.Text.RegularExpressions;

namespace MedSeg.Engine.Bids;

/// <summary>
/// A regular expression that came from a file. It runs without backtracking, in time linear in the path's length, where it can (no
/// look-around, back reference or atomic group); every match has a time limit. Length and repetition are bounded, because the
/// automaton of <c>(a{1000}){1000}</c> would need a million states.
/// </summary>
internal sealed partial class SafePattern
{
    public const int MaximumLength = 1000;
    public const int MaximumRepeats = 1000;

    /// <summary>Far more than a path needs, so that a busy machine does not decide what is matched.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly Regex _regex;

    private SafePattern(Regex regex, string text)
    {
        _regex = regex;
        Text = text;
    }

    /// <summary>As it stands in the file.</summary>
    public string Text { get; }

    /// <summary>Whether the time of a match is linear.</summary>
    public bool IsLinear => (_regex.Options & RegexOptions.NonBacktracking) != 0;

    /// <summary>Compiles a pattern; null with what is wrong when it is none, has no group, or is too large.</summary>
    public static SafePattern? Compile(string text, out string problem)
    {
        problem = "";
        if (text.Length > MaximumLength)
            problem = $"is {text.Length} characters long, more than the {MaximumLength} that are allowed";
        else if (Repeats(text) > MaximumRepeats)
            problem = $"repeats its parts more than {MaximumRepeats} times in all";
        if (problem.Length > 0)
            return null;
        try
        {
            var regex = Build(FromPython(text));
            if (regex.GetGroupNumbers().Length > 1)
                return new SafePattern(regex, text);
            problem = "has no group: put parentheses around the part that is the value";
        }
        catch (RegexParseException e)
        {
            problem = $"is not a regular expression (character {(e.Offset + 1).ToString(CultureInfo.InvariantCulture)}): {e.Error}";
        }

        return null;
    }

    /// <summary>What the first group holds in the first match; null where there is no match or the group is empty.</summary>
    /// <exception cref="RegexMatchTimeoutException">The match took longer than the limit.</exception>
    public string? FirstGroup(string path) => _regex.Match(path) is { Success: true } match && match.Groups[1].Length > 0 ? match.Groups[1].Value : null;

    /// <summary>
    /// What Python writes otherwise than .NET: named groups (which it numbers with the others), the end of the text, and the needless escape
    /// of an underscore, which .NET refuses.
    /// </summary>
    private static string FromPython(string text) => PythonForm().Replace(text, m => m.Value switch
    {
        ['(', ..] => "(",
        @"\_" => "_",
        @"\Z" => @"\z",
        _ => m.Value,
    });

    private static Regex Build(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Limit);
        }
        catch (NotSupportedException)
        {
            return new Regex(text, RegexOptions.CultureInvariant, Limit);
        }
    }

    /// <summary>The product of all counted repetitions: an upper bound of how much the pattern grows.</summary>
    private static double Repeats(string text) => CountedRepetition().Matches(text).Aggregate(
        1.0, (product, m) => product * Math.Max(1, double.Parse((m.Groups[2].Length > 0 ? m.Groups[2] : m.Groups[1]).ValueSpan, CultureInfo.InvariantCulture)));

    /// <summary>Every escape is one match, so that the second backslash of a pair escapes nothing.</summary>
    [GeneratedRegex(@"\(\?P<[A-Za-z0-9_]+>|\\.", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex PythonForm();

    [GeneratedRegex(@"\{([0-9]+)(?:,([0-9]*))?\}", RegexOptions.CultureInvariant)]
    private static partial Regex CountedRepetition();
}
