namespace MedSeg.Engine.Bids;

/// <summary>
/// JSON sidecars by the inheritance principle of BIDS: a file applies to an image when it has the same suffix, its entities
/// are a subset of the image's, and it lies in the image's folder or one above. The closest wins, key by key; within a folder
/// the one with more entities.
/// </summary>
internal sealed class SidecarIndex
{
    private const string Extension = ".json";

    private readonly string _root;
    private readonly List<BidsFinding> _findings;
    private readonly Dictionary<(string Folder, string Suffix), List<(BidsName Name, BidsFile File)>> _byFolder = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, object?>?> _values = new(StringComparer.Ordinal);

    public SidecarIndex(string root, BidsTree tree, List<BidsFinding> findings)
    {
        _root = root;
        _findings = findings;
        foreach (var file in tree.RootFiles.Concat(tree.RawFiles))
        {
            if (!file.Name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
                continue;
            if (BidsName.Parse(file.Name[..^Extension.Length], out _) is not { } name)
                continue;
            var key = (file.Folder, name.Suffix);
            if (!_byFolder.TryGetValue(key, out var list))
                _byFolder.Add(key, list = []);
            list.Add((name, file));
        }
    }

    /// <summary>The merged metadata of one image.</summary>
    public IReadOnlyDictionary<string, object?> MetadataOf(RawImage image)
    {
        var merged = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var folder in FoldersDownTo(image.File.Folder))
        {
            if (!_byFolder.TryGetValue((folder, image.Name.Suffix), out var sidecars))
                continue;
            foreach (var (_, file) in sidecars.Where(s => s.Name.AppliesTo(image.Name)).OrderBy(s => s.Name.Entities.Count))
            {
                foreach (var (key, value) in ValuesOf(file) ?? new Dictionary<string, object?>())
                    merged[key] = value;
            }
        }

        return merged;
    }

    private IReadOnlyDictionary<string, object?>? ValuesOf(BidsFile file)
    {
        var path = file.RelativePath;
        if (!_values.TryGetValue(path, out var values))
            _values.Add(path, values = JsonFile.ReadObject(BidsTree.FullPath(_root, path), _findings));
        return values;
    }

    private static IEnumerable<string> FoldersDownTo(string folder)
    {
        yield return string.Empty;
        for (var slash = folder.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = folder.IndexOf('/', slash + 1))
            yield return folder[..slash];
        yield return folder;
    }
}
