namespace MedSeg.Engine.Bids;

/// <summary>A raw image file whose name and place make sense.</summary>
/// <param name="File">Where it lies.</param>
/// <param name="Stem">Name without extension.</param>
/// <param name="Extension">With dots, lower case.</param>
/// <param name="Name">The name's parts, the session of the folder included.</param>
/// <param name="DataType">Name of the folder it lies in.</param>
internal sealed record RawImage(BidsFile File, string Stem, string Extension, BidsName Name, string DataType)
{
    public string Subject => Name.Subject!;
}

/// <summary>Finds the images of the raw tree by their names.</summary>
internal static class RawImages
{
    /// <summary>Images in ordinal order of their relative paths; what is not usable becomes a finding.</summary>
    public static List<RawImage> Find(string root, BidsTree tree, List<BidsFinding> findings)
    {
        foreach (var file in tree.RootFiles.Where(f => ImageNames.ExtensionOf(f.Name).Length > 0))
            Report(FindingCatalog.MisplacedImage, file, "lies in the dataset's root folder");

        var images = new List<RawImage>();
        foreach (var file in tree.RawFiles)
        {
            var extension = ImageNames.ExtensionOf(file.Name);
            if (extension.Length > 0 && Parse(file, extension) is { } image)
                images.Add(image);
        }

        images.Sort(static (a, b) => string.CompareOrdinal(a.File.RelativePath, b.File.RelativePath));
        return images;

        void Report(FindingKind kind, BidsFile file, string what) =>
            findings.Add(kind.At(BidsTree.FullPath(root, file.RelativePath), $"{file.RelativePath} {what}."));

        RawImage? Parse(BidsFile file, string extension)
        {
            var stem = file.Name[..^extension.Length];
            var folders = file.Folder.Split('/');
            var session = folders.Length > 1 && folders[1].StartsWith("ses-", StringComparison.Ordinal) ? folders[1]["ses-".Length..] : null;
            if (BidsName.Parse(stem, out var problem) is not { } name)
                Report(FindingCatalog.UnparsableName, file, $"has a name that is not of the BIDS form: {problem}");
            else if (name.Subject is null)
                Report(FindingCatalog.UnparsableName, file, "has a name without a subject");
            else if (folders.Length != (session is null ? 2 : 3))
                Report(FindingCatalog.MisplacedImage, file, "does not lie in a data type folder such as anat");
            else if (!string.Equals(name.Subject, folders[0], StringComparison.Ordinal))
                Report(FindingCatalog.SubjectMismatch, file, $"is named after {name.Subject} and lies in the folder of {folders[0]}");
            else
                return new RawImage(file, stem, extension, WithSession(name, session, file), folders[^1]);
            return null;
        }

        BidsName WithSession(BidsName name, string? session, BidsFile file)
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
    }

    /// <summary>
    /// Of files that differ in the extension only, keeps one: two-dimensional formats before NIfTI (other tools leave converted
    /// copies beside the original), else the first by name.
    /// </summary>
    public static List<RawImage> WithoutTwins(string root, IEnumerable<RawImage> images, List<BidsFinding> findings)
    {
        var kept = new List<RawImage>();
        foreach (var group in images.GroupBy(i => (i.File.Folder, i.Stem)))
        {
            var ordered = group.OrderBy(i => ImageNames.IsVolume(i.Extension)).ThenBy(i => i.Extension, StringComparer.Ordinal).ToList();
            kept.Add(ordered[0]);
            findings.AddRange(ordered.Skip(1).Select(twin => FindingCatalog.TwinImage.At(
                BidsTree.FullPath(root, twin.File.RelativePath),
                $"{twin.File.RelativePath} has the same name as {ordered[0].File.Name} but for the extension; {ordered[0].Extension} is used.")));
        }

        return kept;
    }
}
