using System.Buffers;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>Names that some system or tool can't handle: outside of ASCII, with blanks, forbidden on Windows, or very long.</summary>
internal sealed class NameCharactersCheck : IBidsCheck
{
    /// <summary>Windows programs without long-path support stop at 260, the path of the dataset included.</summary>
    private const int LongestPath = 200;

    public static readonly FindingKind NameCharacters = new(
        "NameCharacters", FindingSeverity.Warning,
        "Rename it with letters and digits of ASCII, '-', '_' and '.' only, so that every system and tool can read it.");

    private static readonly SearchValues<char> Safe =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+");

    private static readonly string[] Devices =
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).SelectMany(i => (string[])[$"COM{i}", $"LPT{i}"])];

    public IReadOnlyList<FindingKind> Kinds { get; } = [NameCharacters];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in root.AllFiles)
        {
            ct.ThrowIfCancellationRequested();
            var inDataset = file.Folder.Length > 0 || ImageNames.ExtensionOf(file.Name).Length > 0;
            var path = file.RelativePath;
            if (inDataset && Problem(file.Name) is { } problem)
                yield return root.Report(NameCharacters, path, problem);
            else if (path.Length > LongestPath)
                yield return root.Report(NameCharacters, path, $"is {path.Length} characters long, which some Windows programs can't open");
            if (folders.Add(file.Folder) && Problem(file.Folder[(file.Folder.LastIndexOf('/') + 1)..]) is { } wrong)
                yield return root.Report(NameCharacters, file.Folder, wrong);
        }
    }

    private static string? Problem(string name)
    {
        var at = name.AsSpan().IndexOfAnyExcept(Safe);
        if (at >= 0)
        {
            return name[at] switch
            {
                ' ' => "has a blank in its name",
                < ' ' => $"has the control character U+{(int)name[at]:X4} in its name",
                > '~' => $"has the character '{name[at]}' (U+{(int)name[at]:X4}) in its name, which is not ASCII",
                _ => $"has the character '{name[at]}' in its name",
            };
        }

        if (name.EndsWith('.'))
            return "ends with a dot, which Windows cuts off";
        return Devices.Contains(name.Split('.')[0], StringComparer.OrdinalIgnoreCase) ? "has the name of a Windows device" : null;
    }
}
