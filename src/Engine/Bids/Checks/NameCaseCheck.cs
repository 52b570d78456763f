namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Names that are right but for their case: everything in BIDS is compared with case, and such folders are silently no part of the dataset.
/// </summary>
internal sealed class NameCaseCheck : IBidsCheck
{
    public static readonly FindingKind NameCase = new(
        "NameCase", FindingSeverity.Warning, "Rename it with the case that the message gives; BIDS names are compared with case.");

    private static readonly string[] RootNames =
        ["derivatives", "sourcedata", "participants.tsv", "participants.json", "samples.tsv", "samples.json", "dataset_description.json"];

    /// <summary>A folder that can't be listed is the import's to report.</summary>
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    public IReadOnlyList<FindingKind> Kinds { get; } = [NameCase];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(root.Root, "*", Everything))
        {
            var name = Path.GetFileName(path);
            if (Mismatch(name, RootNames, "sub-") is { } right)
                yield return NameCase.At(path, $"'{name}' is not read: it should be '{right}'.");
        }

        foreach (var folder in root.AllFiles.SelectMany(FoldersOf).Distinct(StringComparer.Ordinal))
        {
            ct.ThrowIfCancellationRequested();
            var name = folder[(folder.LastIndexOf('/') + 1)..];
            var expected = Mismatch(name, BidsVocabulary.DataTypes, "ses-");
            if (folder.StartsWith("derivatives/", StringComparison.Ordinal))
                expected ??= Mismatch(name, ["labels"], "sub-");
            if (expected is not null)
                yield return root.Report(NameCase, folder, $"should be named '{expected}'");
        }

        foreach (var file in root.AllFiles.Where(f => ImageNames.ExtensionOf(f.Name).Length > 0))
        {
            var extension = ImageNames.ExtensionOf(file.Name);
            var first = file.Name.Split('_')[0];
            if (!file.Name.EndsWith(extension, StringComparison.Ordinal))
                yield return root.Report(NameCase, file.RelativePath, $"should end in '{extension}', in lower case");
            if (Mismatch(first, [], "sub-") is { } subject)
                yield return root.Report(NameCase, file.RelativePath, $"should begin with '{subject}'");
        }
    }

    /// <summary>What the name should be, when only its case is wrong.</summary>
    private static string? Mismatch(string name, IReadOnlyList<string> names, string prefix)
    {
        if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return name.StartsWith(prefix, StringComparison.Ordinal) ? null : prefix + name[prefix.Length..];
        return names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase) && !n.Equals(name, StringComparison.Ordinal));
    }

    private static IEnumerable<string> FoldersOf(BidsFile file)
    {
        for (var end = file.Folder.Length; end > 0; end = file.Folder.LastIndexOf('/', end - 1))
            yield return file.Folder[..end];
    }
}
