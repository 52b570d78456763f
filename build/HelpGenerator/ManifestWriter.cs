namespace MedSeg.Build.Help;

/// <summary>Fills in the module manifest: version, cmdlets and aliases by name, so that PowerShell can find them without loading the module.</summary>
internal static class ManifestWriter
{
    private const string Mark = " # Filled in when the module is staged.";

    public static void Write(string template, string path, string version, IReadOnlyList<string> cmdlets, IReadOnlyList<string> aliases)
    {
        string text = File.ReadAllText(template);
        text = Fill(text, "'0.0.0'", $"'{version}'");
        text = Fill(text, "@('cmdlets')", List(cmdlets));
        text = Fill(text, "@('aliases')", List(aliases));
        File.WriteAllText(path, text);
    }

    private static string Fill(string text, string placeholder, string value) =>
        text.Contains(placeholder + Mark, StringComparison.Ordinal)
            ? text.Replace(placeholder + Mark, value, StringComparison.Ordinal)
            : throw new InvalidDataException($"The manifest has no {placeholder}{Mark}");

    private static string List(IEnumerable<string> names) => $"@({string.Join(", ", names.Select(n => $"'{n}'"))})";
}
