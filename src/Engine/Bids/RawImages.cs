namespace MedSeg.Engine.Bids;

/// <summary>A raw image file whose name and place make sense.</summary>
/// <param name="File">Where it lies.</param>
/// <param name="Stem">Name without extension.</param>
/// <param name="Extension">With dots, lower case.</param>
/// <param name="Name">The name's parts, the session of the folder included.</param>
/// <param name="DataType">Name of the folder it lies in.</param>
internal sealed record RawImage(BidsFile File, string Stem, string Extension, BidsName Name, string DataType)
{
    /// <summary>The name or place is not the standard's; a <c>bids_config</c> explained it.</summary>
    public bool ByPattern { get; init; }

    public string Subject => Name.Subject!;
}

/// <summary>Finds the images of the raw tree by their names.</summary>
internal sealed class RawImages
{
    private readonly string _root;
    private readonly NamePatterns? _patterns;
    private readonly List<BidsFinding> _findings;

    private RawImages(string root, NamePatterns? patterns, List<BidsFinding> findings)
    {
        _root = root;
        _patterns = patterns;
        _findings = findings;
    }

    /// <summary>Images in ordinal order of their relative paths; what is not usable becomes a finding.</summary>
    /// <param name="patterns">Null for the standard's rules alone.</param>
    /// <exception cref="SegException"><c>BidsConfigTooSlow</c>.</exception>
    public static List<RawImage> Find(
        string root, BidsTree tree, List<BidsFinding> findings, NamePatterns? patterns = null, CancellationToken ct = default)
    {
        var finder = new RawImages(root, patterns, findings);
        var images = new List<RawImage>();
        foreach (var file in tree.RootFiles.Concat(tree.RawFiles))
        {
            var extension = ImageNames.ExtensionOf(file.Name);
            if (extension.Length == 0)
                continue;
            ct.ThrowIfCancellationRequested();
            if (finder.Parse(file, extension) is { } image)
                images.Add(image);
        }

        images.Sort(static (a, b) => string.CompareOrdinal(a.File.RelativePath, b.File.RelativePath));
        return images;
    }

    /// <summary>
    /// Of files that differ in the extension only, keeps one: two-dimensional formats before NIfTI (other tools leave converted
    /// copies beside the original), NIfTI before what cannot be read, else the first by name.
    /// </summary>
    public static List<RawImage> WithoutTwins(string root, IEnumerable<RawImage> images, List<BidsFinding> findings)
    {
        var kept = new List<RawImage>();
        foreach (var group in images.GroupBy(i => (i.File.Folder, i.Stem)))
        {
            var ordered = group.OrderBy(i => ImageNames.TwinOrder(i.Extension)).ThenBy(i => i.Extension, StringComparer.Ordinal).ToList();
            kept.Add(ordered[0]);
            findings.AddRange(ordered.Skip(1).Select(twin => FindingCatalog.TwinImage.At(
                BidsTree.FullPath(root, twin.File.RelativePath),
                $"{twin.File.RelativePath} has the same name as {ordered[0].File.Name} but for the extension; {ordered[0].Extension} is used.")));
        }

        return kept;
    }

    private RawImage? Parse(BidsFile file, string extension)
    {
        var stem = file.Name[..^extension.Length];
        var folders = file.Folder.Split('/');
        var session = folders.Length > 1 && folders[1].StartsWith("ses-", StringComparison.Ordinal) ? folders[1]["ses-".Length..] : null;
        if (file.Folder.Length == 0)
            return ByPattern(file, stem, extension, FindingCatalog.MisplacedImage, "lies in the dataset's root folder");
        if (BidsName.Parse(stem, out var problem) is not { } name)
            return ByPattern(file, stem, extension, FindingCatalog.UnparsableName, $"has a name that is not of the BIDS form: {problem}");
        if (name.Subject is null)
            return ByPattern(file, stem, extension, FindingCatalog.UnparsableName, "has a name without a subject");
        if (folders.Length != (session is null ? 2 : 3))
            return ByPattern(file, stem, extension, FindingCatalog.MisplacedImage, "does not lie in a data type folder such as anat");
        if (!folders[0].StartsWith("sub-", StringComparison.Ordinal))
            return ByPattern(file, stem, extension, FindingCatalog.MisplacedImage, "does not lie in a subject's folder");
        if (!string.Equals(name.Subject, folders[0], StringComparison.Ordinal))
            return Mismatch(file, name.Subject, folders[0]);
        name = WithSession(name, session, file);
        return new RawImage(file, stem, extension, _patterns?.Extend(name, file) ?? name, folders[^1]);
    }

    /// <summary>The image as the patterns read it; the finding of the standard's rules where there are none or they find nothing.</summary>
    private RawImage? ByPattern(BidsFile file, string stem, string extension, FindingKind kind, string what)
    {
        if (_patterns is null)
        {
            Report(kind, file, what);
            return null;
        }

        if (_patterns.Read(file, out var problem) is not var (name, dataType))
        {
            Report(kind, file, $"{what}, and {problem}");
            return null;
        }

        var folder = Array.Find(file.Folder.Split('/'), f => f.StartsWith("sub-", StringComparison.Ordinal));
        return folder is null || folder == name.Subject
            ? new RawImage(file, stem, extension, name, dataType) { ByPattern = true }
            : Mismatch(file, name.Subject!, folder);
    }

    private RawImage? Mismatch(BidsFile file, string subject, string folder)
    {
        Report(FindingCatalog.SubjectMismatch, file, $"is named after {subject} and lies in the folder of {folder}");
        return null;
    }

    private BidsName WithSession(BidsName name, string? session, BidsFile file)
    {
        var named = name.Entities.GetValueOrDefault("ses");
        if (string.Equals(session, named, StringComparison.Ordinal))
            return name;
        Report(
            FindingCatalog.SessionMismatch,
            file,
            $"has {(named is null ? "no session" : "session " + named)} in its name and lies in {(session is null ? "no session folder" : "ses-" + session)}");
        if (session is null)
            return name;
        var entities = new Dictionary<string, string>(name.Entities, StringComparer.Ordinal) { ["ses"] = session };
        return name with { Entities = entities };
    }

    private void Report(FindingKind kind, BidsFile file, string what) =>
        _findings.Add(kind.At(BidsTree.FullPath(_root, file.RelativePath), $"{file.RelativePath} {what}."));
}
