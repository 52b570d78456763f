using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>One dataset as the checks see it: what the import made of it, and everything that lies there.</summary>
internal sealed class RootView
{
    private readonly Dictionary<string, List<BidsFinding>> _imported = new(StringComparer.Ordinal);

    private RootView(string root, BidsDataset dataset, BidsTree tree)
    {
        Root = root;
        Dataset = dataset;
        Tree = tree;
        Images = [.. dataset.Images.Where(i => PlatformFiles.PathComparer.Equals(i.Root, root))];
    }

    /// <summary>Full path.</summary>
    public string Root { get; }

    /// <summary>The import's result; other roots may belong to it.</summary>
    public BidsDataset Dataset { get; }

    /// <summary>Names and sizes.</summary>
    public BidsTree Tree { get; }

    /// <summary>The images of this root that the import uses.</summary>
    public IReadOnlyList<BidsImage> Images { get; }

    /// <summary>The images and labels to be opened, by subject and path.</summary>
    public IReadOnlyList<CheckedFile> Files { get; private set; } = [];

    /// <summary>Every file of the raw tree and below derivatives, and of the root itself.</summary>
    public IEnumerable<BidsFile> AllFiles => Tree.RootFiles.Concat(Tree.RawFiles).Concat(Tree.Pipelines.Values.SelectMany(files => files));

    /// <param name="dataset">The import's result.</param>
    /// <param name="root">One of its roots.</param>
    /// <param name="whole">True to open files that the import left out, too; false where filters may have left them out.</param>
    public static RootView Of(BidsDataset dataset, string root, bool whole, CancellationToken ct)
    {
        // What is wrong with folders and links stands in the import's findings already.
        var anyFolder = dataset.BidsConfig is not null || !dataset.Validated;
        var view = new RootView(root, dataset, BidsTree.List(root, [], ct, anyFolder));
        view.Distribute(dataset.Findings);
        view.Files = view.Plan(whole);
        return view;
    }

    /// <summary>What the import said about a subject; with an empty name, about the dataset as a whole.</summary>
    public IReadOnlyList<BidsFinding> ImportedOf(string subject) => _imported.TryGetValue(subject, out var list) ? list : [];

    /// <summary>Subjects with files or findings, in ordinal order; the dataset itself comes first, as the empty name.</summary>
    public IEnumerable<string> Subjects =>
        Files.Select(f => f.Subject).Concat(_imported.Keys).Append("").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>The subject in whose folder a path lies; empty outside of all.</summary>
    /// <param name="relativePath">Below the root, with '/' separators.</param>
    public static string SubjectOf(string relativePath)
    {
        var folders = relativePath.Split('/').Take(3).Where(part => !part.Contains('.', StringComparison.Ordinal));
        return folders.FirstOrDefault(folder => folder.StartsWith("sub-", StringComparison.Ordinal)) ?? "";
    }

    public string Relative(string fullPath) =>
        fullPath.StartsWith(Path.EndsInDirectorySeparator(Root) ? Root : Root + Path.DirectorySeparatorChar, PlatformFiles.PathComparison)
            ? Path.GetRelativePath(Root, fullPath).Replace(Path.DirectorySeparatorChar, '/')
            : "";

    /// <summary>A finding about a file or folder, by its path below the root.</summary>
    public BidsFinding Report(FindingKind kind, string relativePath, string what) =>
        kind.At(BidsTree.FullPath(Root, relativePath), $"{relativePath} {what}.");

    /// <summary>Adds what was found to the subjects; each list is in the order of paths, ids and messages.</summary>
    public void Distribute(IEnumerable<BidsFinding> findings)
    {
        foreach (var finding in findings.Where(IsHere))
        {
            var subject = SubjectOf(Relative(finding.Path));
            if (!_imported.TryGetValue(subject, out var list))
                _imported.Add(subject, list = []);
            list.Add(finding);
        }

        foreach (var list in _imported.Values)
            list.Sort(Compare);
    }

    /// <summary>Order of findings: path, id, message; the same on every platform.</summary>
    public static int Compare(BidsFinding a, BidsFinding b)
    {
        var order = string.CompareOrdinal(Portable(a.Path), Portable(b.Path));
        order = order != 0 ? order : string.CompareOrdinal(a.Id, b.Id);
        return order != 0 ? order : string.CompareOrdinal(a.Message, b.Message);
    }

    private static string Portable(string path) => path.Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>
    /// Subjects that several roots share are looked for over all roots that are checked, so the import's word on it is left out.
    /// </summary>
    private bool IsHere(BidsFinding finding) =>
        finding.Id != FindingCatalog.SubjectInSeveralRoots.Id
        && (PlatformFiles.PathComparer.Equals(finding.Path, Root) || Relative(finding.Path).Length > 0);

    private List<CheckedFile> Plan(bool whole)
    {
        var sizes = AllFiles.ToDictionary(f => f.RelativePath, f => f.Size, StringComparer.Ordinal);
        var files = new Dictionary<string, CheckedFile>(StringComparer.Ordinal);
        foreach (var image in Images)
        {
            Add(image.RelativePath, image, null);
            foreach (var (suffix, path) in image.Labels)
                Add(Relative(path), image, suffix);
        }

        if (whole)
            AddLeftOut(files);
        return [.. files.Values.OrderBy(f => f.Subject, StringComparer.Ordinal).ThenBy(f => f.RelativePath, StringComparer.Ordinal)];

        void Add(string path, BidsImage image, string? suffix) => files.TryAdd(path, new CheckedFile
        {
            Root = Root, RelativePath = path, Subject = image.Subject, Size = sizes.GetValueOrDefault(path),
            Image = image, TargetSuffix = suffix,
        });
    }

    private void AddLeftOut(Dictionary<string, CheckedFile> files)
    {
        string[] contentIds = [FindingCatalog.EmptyFile.Id, FindingCatalog.ImageUnreadable.Id, FindingCatalog.PixelSizeMissing.Id];
        var reported = Dataset.Findings.Where(f => contentIds.Contains(f.Id)).Select(f => f.Path).ToHashSet(PlatformFiles.PathComparer);
        var images = Images.ToLookup(i => (i.Subject, i.Stem));
        var labels = Tree.Pipelines.Where(p => p.Key is "labels" or "").SelectMany(p => p.Value);
        foreach (var file in Tree.RootFiles.Concat(Tree.RawFiles).Concat(labels))
        {
            var extension = ImageNames.ExtensionOf(file.Name);
            if (extension.Length == 0 || files.ContainsKey(file.RelativePath))
                continue;
            var subject = SubjectOf(file.RelativePath);
            var (image, suffix) = file.Folder.StartsWith("derivatives", StringComparison.Ordinal)
                ? ImageOf(subject, file.Name[..^extension.Length], images)
                : (null, null);
            files.Add(file.RelativePath, new CheckedFile
            {
                Root = Root, RelativePath = file.RelativePath, Subject = subject, Size = file.Size,
                Image = image, TargetSuffix = suffix, LeftOut = true,
                IsReported = reported.Contains(BidsTree.FullPath(Root, file.RelativePath)),
            });
        }
    }

    /// <summary>The image that a label is named after: the longest name that ends at an underscore.</summary>
    private static (BidsImage? Image, string? Suffix) ImageOf(string subject, string stem, ILookup<(string, string), BidsImage> images)
    {
        for (var cut = stem.LastIndexOf('_'); cut > 0; cut = stem.LastIndexOf('_', cut - 1))
        {
            if (images[(subject, stem[..cut])].FirstOrDefault() is { } image)
                return (image, stem[cut..]);
        }

        return (null, null);
    }
}
