namespace MedSeg.Engine.Bids;

/// <summary>What dataset_description.json says.</summary>
internal static class DatasetDescription
{
    public const string FileName = "dataset_description.json";

    /// <summary>The dataset's name, or the folder's when the file is missing, unreadable or nameless.</summary>
    public static string NameOf(string root, BidsTree tree, List<BidsFinding> findings)
    {
        var fallback = Path.GetFileName(root);
        fallback = fallback.Length == 0 ? root : fallback;
        if (!tree.RootFiles.Exists(IsDescription))
        {
            findings.Add(FindingCatalog.DescriptionMissing.At(root, $"The dataset '{fallback}' has no {FileName}."));
            return fallback;
        }

        var values = JsonFile.ReadObject(Path.Combine(root, FileName), findings);
        return values?.GetValueOrDefault("Name") is string { Length: > 0 } name ? name : fallback;
    }

    /// <summary>True when a derivatives folder says that this module generated it: its masks are predictions, not references.</summary>
    public static bool IsPrediction(string root, List<BidsFile> files, List<BidsFinding> findings)
    {
        var file = files.Find(IsDescription);
        if (file.Name is null || JsonFile.ReadObject(BidsTree.FullPath(root, file.RelativePath), findings) is not { } values)
            return false;
        return values.GetValueOrDefault("GeneratedBy") is object?[] tools
            && tools.OfType<IReadOnlyDictionary<string, object?>>().Any(tool =>
                string.Equals(tool.GetValueOrDefault("Name") as string, "MedSeg", StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsDescription(BidsFile file) => string.Equals(file.Name, FileName, StringComparison.Ordinal);
}
