namespace MedSeg.Engine.Configuration;

/// <summary>What a person probably has to change where a document cannot be read, from the text around the place.</summary>
internal static class SyntaxHint
{
    private static readonly string[] ForeignWords = ["True", "False", "None", "NaN", "Infinity", "-Infinity", "yes", "no", "on", "off", "nan", "inf"];

    /// <summary>Advice for JSON.</summary>
    /// <param name="text">The whole document.</param>
    /// <param name="at">Index of the character at which reading stopped; the length of the text at its end.</param>
    /// <param name="complaint">What the reader said.</param>
    public static string Json(ReadOnlySpan<char> text, int at, string complaint)
    {
        if (complaint.Contains("after a single JSON value", StringComparison.Ordinal))
        {
            return "Remove what stands after the last bracket.";
        }

        ReadOnlySpan<char> here = text[at..].TrimEnd();
        ReadOnlySpan<char> before = text[..at].TrimEnd();
        return (here.Length > 0 ? here[0] : '\0') switch
        {
            '\0' => "Close what is open: a quote, } or ] is missing.",
            _ when at > 0 && text[at - 1] == '\\' || at > 1 && text[at - 2] == '\\' => "Write each backslash twice, or use / in paths.",
            '\'' or '“' or '”' or '„' or '‘' or '’' => "Put names and texts in straight double quotes.",
            _ when StartsWithAny(here, ForeignWords) => "JSON knows true, false and null, in lower case, and no NaN or infinity.",
            '#' => "Begin comments with //, or name the file .yaml if it is YAML.",
            '.' => "Write a 0 before the point.",
            >= '0' and <= '9' when before is [.., >= '0' and <= '9', ','] => "Write decimal numbers with a point: 0.5, not 0,5.",
            >= '0' and <= '9' when before is [.., '0'] => "Remove the leading zero.",
            ',' => "Remove the comma that is too many, or write the value that is missing before it.",
            '"' => "A comma is probably missing before this place.",
            >= 'a' and <= 'z' or >= 'A' and <= 'Z' or '_' => "Put names and texts in double quotes.",
            _ => "Correct the file at that place; comments and trailing commas are allowed.",
        };
    }

    /// <summary>Advice for YAML.</summary>
    /// <param name="complaint">What the reader said.</param>
    public static string Yaml(string complaint)
    {
        bool Says(string words) => complaint.Contains(words, StringComparison.OrdinalIgnoreCase);
        if (Says("quoted scalar") || Says("escape"))
        {
            return "In double quotes each backslash is written twice; write paths without quotes, in single quotes, or with /.";
        }

        return Says("mapping") || Says("expected") || Says("malformed")
            ? "Check indentation, colons and brackets there and in the line before; put text that holds ': ' in quotes."
            : "Correct the file at that place.";
    }

    /// <summary>The first line, from 0, that a tab indents, with the tab's place in it; null where there is none.</summary>
    public static (int Line, int Column)? IndentingTab(string text)
    {
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int tab = line[..(line.Length - line.TrimStart().Length)].IndexOf('\t');
            if (tab >= 0 && !line.TrimStart().IsEmpty)
            {
                return (number, tab);
            }

            number++;
        }

        return null;
    }

    private static bool StartsWithAny(ReadOnlySpan<char> text, string[] words)
    {
        foreach (string word in words)
        {
            if (text.StartsWith(word, StringComparison.Ordinal) && (text.Length == word.Length || !char.IsLetterOrDigit(text[word.Length])))
            {
                return true;
            }
        }

        return false;
    }
}
