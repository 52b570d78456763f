namespace MedSeg.Engine.Bids;

/// <summary>
/// JSON sidecars by the inheritance principle of BIDS: a file applies to an image when it has the same suffix, its entities
/// are a subset of the image's, and it lies in the image's folder or one above. The closest wins, key by key; within a folder
/// the one with more entities. An image that only a <c>bids_config</c> explains also has the JSON file of its own name beside it.
/// </summary>
/// <remarks>
/// Files are looked up by the entities they name, so that the time does not grow with the number of sidecars in a folder.
/// </remarks>
internal sealed class SidecarIndex
{
    private const string Extension = ".json";

    private readonly string _root;
    private readonly List<BidsFinding> _findings;
    private readonly Dictionary<(string Folder, string Suffix), List<Shape>> _byFolder = [];
    private readonly Dictionary<(string Folder, string Stem), BidsFile> _byStem = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, object?>?> _values = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _reported = [];

    public SidecarIndex(string root, BidsTree tree, List<BidsFinding> findings)
    {
        _root = root;
        _findings = findings;
        foreach (var file in tree.RootFiles.Concat(tree.RawFiles))
        {
            if (!file.Name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
                continue;
            var stem = file.Name[..^Extension.Length];
            _byStem.TryAdd((file.Folder, stem), file);
            if (BidsName.Parse(stem, out _) is { } name)
                ShapeOf(file.Folder, name).Files.TryAdd(Shape.Values(name.Entities, ShapeKeys(name))!, file);
        }
    }

    /// <summary>The merged metadata of one image.</summary>
    public IReadOnlyDictionary<string, object?> MetadataOf(RawImage image)
    {
        var merged = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var folder in FoldersDownTo(image.File.Folder))
        {
            if (!_byFolder.TryGetValue((folder, image.Name.Suffix), out var shapes))
                continue;
            var applicable = shapes.Select(s => (Shape: s, File: s.Find(image.Name.Entities))).Where(s => s.File is not null)
                .OrderBy(s => s.Shape.Keys.Length).ToList();
            for (var i = 0; i < applicable.Count; i++)
            {
                for (var j = 0; j < i; j++)
                    ReportClash(applicable[j].Shape, applicable[j].File!.Value, applicable[i].Shape, applicable[i].File!.Value, image);
                Merge(merged, applicable[i].File!.Value);
            }
        }

        if (image.ByPattern && _byStem.TryGetValue((image.File.Folder, image.Stem), out var own))
            Merge(merged, own);
        return merged;
    }

    private static string[] ShapeKeys(BidsName name) => [.. name.Entities.Keys.Order(StringComparer.Ordinal)];

    private Shape ShapeOf(string folder, BidsName name)
    {
        if (!_byFolder.TryGetValue((folder, name.Suffix), out var shapes))
            _byFolder.Add((folder, name.Suffix), shapes = []);
        var keys = ShapeKeys(name);
        if (shapes.Find(s => s.Keys.AsSpan().SequenceEqual(keys)) is { } known)
            return known;
        var shape = new Shape(keys);
        shapes.Add(shape);
        return shape;
    }

    private void Merge(Dictionary<string, object?> merged, BidsFile file)
    {
        foreach (var (key, value) in ValuesOf(file) ?? new Dictionary<string, object?>())
            merged[key] = value;
    }

    /// <summary>Two files of one folder of which neither is the more specific say different things: the standard forbids it.</summary>
    private void ReportClash(Shape less, BidsFile first, Shape more, BidsFile second, RawImage image)
    {
        if (less.Keys.All(more.Keys.Contains) || !_reported.Add((first.RelativePath, second.RelativePath)))
            return;
        if (ValuesOf(first) is not { } a || ValuesOf(second) is not { } b)
            return;
        var keys = a.Keys.Where(k => b.TryGetValue(k, out var other) && !JsonFile.SameValue(a[k], other)).Order(StringComparer.Ordinal).ToList();
        if (keys.Count > 0)
        {
            _findings.Add(FindingCatalog.SidecarsDisagree.At(
                BidsTree.FullPath(_root, second.RelativePath),
                $"{first.Name} and {second.Name} both apply to {image.File.Name} and disagree about {string.Join(", ", keys)}; {second.Name} is used."));
        }
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
        if (folder.Length > 0)
            yield return folder;
    }

    /// <summary>The sidecars of one folder and suffix that name the same entities.</summary>
    /// <param name="keys">The entities' keys in ordinal order.</param>
    private sealed class Shape(string[] keys)
    {
        public string[] Keys { get; } = keys;

        public Dictionary<string, BidsFile> Files { get; } = new(StringComparer.Ordinal);

        public BidsFile? Find(IReadOnlyDictionary<string, string> entities) =>
            Values(entities, Keys) is { } values && Files.TryGetValue(values, out var file) ? file : null;

        /// <summary>The values of the keys in one text (no value has a slash); null where an entity is missing.</summary>
        public static string? Values(IReadOnlyDictionary<string, string> entities, string[] keys)
        {
            var values = new string[keys.Length];
            for (var i = 0; i < keys.Length; i++)
            {
                if (!entities.TryGetValue(keys[i], out var value))
                    return null;
                values[i] = value;
            }

            return string.Join('/', values);
        }
    }
}
