using System.IO.Enumeration;

namespace MedSeg.Engine.Bids;

/// <summary>One file of a dataset.</summary>
/// <param name="Folder">Folder below the root, with '/' separators; empty for the root itself.</param>
/// <param name="Name">File name.</param>
/// <param name="Size">In bytes.</param>
internal readonly record struct BidsFile(string Folder, string Name, long Size)
{
    /// <summary>Path below the root, with '/' separators.</summary>
    public string RelativePath => Folder.Length == 0 ? Name : Folder + "/" + Name;
}

/// <summary>
/// The names and sizes of a dataset's files: each folder is listed once and no file is opened. Only the root, the subjects'
/// folders and <c>derivatives</c> directly below the root are looked at, so a dataset under a folder called
/// <c>my_derivatives</c> is still raw data. With patterns for other names, images may lie in any folder but those that the standard
/// sets apart (<c>code</c>, <c>sourcedata</c>, <c>stimuli</c>, <c>models</c>) and those of other datasets.
/// </summary>
internal sealed class BidsTree
{
    private const string Derivatives = "derivatives";
    private const int MaximumDepth = 12;
    private static readonly string[] NotData = ["code", "sourcedata", "stimuli", "models"];

    private readonly string _root;
    private readonly List<BidsFinding> _findings;
    private readonly CancellationToken _cancellation;
    private readonly LinkGuard _links;
    private readonly bool _anyFolder;

    private BidsTree(string root, bool anyFolder, List<BidsFinding> findings, CancellationToken cancellation)
    {
        _root = root;
        _anyFolder = anyFolder;
        _findings = findings;
        _cancellation = cancellation;
        _links = new LinkGuard(root);
    }

    /// <summary>Files directly in the root.</summary>
    public List<BidsFile> RootFiles { get; } = [];

    /// <summary>Names of the subjects' folders in the raw tree.</summary>
    public List<string> SubjectFolders { get; } = [];

    /// <summary>Files below the subjects' folders and, with patterns, below the other folders of data.</summary>
    public List<BidsFile> RawFiles { get; } = [];

    /// <summary>Files of each pipeline below <c>derivatives</c>; the empty name stands for <c>derivatives</c> itself.</summary>
    public SortedDictionary<string, List<BidsFile>> Pipelines { get; } = new(StringComparer.Ordinal);

    /// <summary>Lists a dataset. The order depends on the names only.</summary>
    /// <param name="anyFolder">Images may lie outside the subjects' folders.</param>
    public static BidsTree List(string root, List<BidsFinding> findings, CancellationToken ct, bool anyFolder = false)
    {
        var tree = new BidsTree(root, anyFolder, findings, ct);
        foreach (var folder in tree.ListFolder(string.Empty, tree.RootFiles))
        {
            if (IsSubject(folder))
                tree.AddSubject(folder);
            else if (string.Equals(folder, Derivatives, StringComparison.Ordinal))
                tree.AddDerivatives();
            else if (!tree.ReportNested(folder) && anyFolder && !NotData.Contains(folder, StringComparer.Ordinal))
                tree.ListDeep(folder, tree.RawFiles, 1);
        }

        return tree;
    }

    /// <summary>Full path of a path below the root.</summary>
    public static string FullPath(string root, string relativePath) =>
        Path.Combine(root, relativePath.Replace('/', Path.DirectorySeparatorChar));

    private static bool IsSubject(string folder) => folder.StartsWith("sub-", StringComparison.Ordinal);

    private void AddSubject(string folder)
    {
        SubjectFolders.Add(folder);
        ListDeep(folder, RawFiles, 1);
    }

    private void AddDerivatives()
    {
        var direct = new List<BidsFile>();
        foreach (var name in ListFolder(Derivatives, direct))
        {
            var folder = Derivatives + "/" + name;
            if (IsSubject(name))
            {
                ListDeep(folder, direct, 2);
                continue;
            }

            var files = new List<BidsFile>();
            foreach (var below in ListFolder(folder, files).Where(f => _anyFolder || IsSubject(f)))
                ListDeep(folder + "/" + below, files, 3);
            Pipelines.Add(name, files);
        }

        Pipelines.Add(string.Empty, direct);
    }

    private bool ReportNested(string folder)
    {
        if (!File.Exists(Path.Combine(_root, folder, DatasetDescription.FileName)))
            return false;
        _findings.Add(FindingCatalog.NestedDataset.At(
            Path.Combine(_root, folder), $"The folder '{folder}' is a dataset of its own and not part of this one."));
        return true;
    }

    private void ListDeep(string folder, List<BidsFile> files, int depth)
    {
        foreach (var name in ListFolder(folder, files))
        {
            var child = folder + "/" + name;
            if (depth < MaximumDepth)
                ListDeep(child, files, depth + 1);
            else
                _findings.Add(FindingCatalog.FolderUnreadable.At(FullPath(_root, child), $"The folder '{child}' is nested too deep for a BIDS dataset."));
        }
    }

    /// <summary>Adds the files of one folder and returns the names of its subfolders, both in ordinal order.</summary>
    private List<string> ListFolder(string folder, List<BidsFile> files)
    {
        _cancellation.ThrowIfCancellationRequested();
        var full = FullPath(_root, folder);
        Listed[] entries;
        try
        {
            entries = [.. Enumerate(full)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _findings.Add(FindingCatalog.FolderUnreadable.At(full, $"The folder '{(folder.Length == 0 ? full : folder)}' can't be listed: {e.Message}"));
            return [];
        }

        Array.Sort(entries, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var folders = new List<string>();
        foreach (var entry in entries)
        {
            if (entry.Name.StartsWith('.'))
                continue;
            var size = entry.Size;
            if (entry.MayBeLink && !_links.Allows(Path.Combine(full, entry.Name), entry.IsFolder, ref size, _findings))
                continue;
            if (entry.IsFolder)
                folders.Add(entry.Name);
            else
                files.Add(new BidsFile(folder, entry.Name, size));
        }

        return folders;
    }

    private static FileSystemEnumerable<Listed> Enumerate(string folder) => new(
        folder,
        static (ref FileSystemEntry entry) => new Listed(
            entry.FileName.ToString(),
            entry.IsDirectory,
            (entry.Attributes & FileAttributes.ReparsePoint) != 0,
            entry.IsDirectory ? 0 : entry.Length),
        new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false });

    private readonly record struct Listed(string Name, bool IsFolder, bool MayBeLink, long Size);
}
