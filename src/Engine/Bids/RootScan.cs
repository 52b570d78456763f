namespace MedSeg.Engine.Bids;

/// <summary>What one root folder holds.</summary>
internal sealed class RootScan
{
    private RootScan(string root) => Root = root;

    public string Root { get; }

    public string Name { get; private set; } = string.Empty;

    public List<BidsImage> Images { get; } = [];

    public List<BidsParticipant> Participants { get; private set; } = [];

    public List<BidsParticipant> Samples { get; private set; } = [];

    public List<BidsFinding> Findings { get; } = [];

    /// <summary>Suffixes and contrasts of all images before any filter.</summary>
    public HashSet<string> AllContrasts { get; } = new(StringComparer.Ordinal);

    /// <summary>Target suffixes of all images that pass the contrast and extension filters.</summary>
    public HashSet<string> AllTargets { get; } = new(StringComparer.Ordinal);

    /// <summary>Number of images before any filter.</summary>
    public int RawCount { get; private set; }

    public static RootScan Run(string root, DatasetFilter filter, NamePatterns? patterns, ISegObserver observer, CancellationToken ct)
    {
        var scan = new RootScan(root);
        var tree = BidsTree.List(root, scan.Findings, ct, patterns is not null);
        scan.Name = DatasetDescription.NameOf(root, tree, scan.Findings);
        scan.Participants = DatasetTables.ReadParticipants(root, tree, scan.Findings);
        scan.Samples = DatasetTables.ReadSamples(root, tree, scan.Findings);
        var raw = RawImages.Find(root, tree, scan.Findings, patterns, ct);
        scan.RawCount = raw.Count;
        foreach (var image in raw)
        {
            scan.AllContrasts.Add(image.Name.Suffix);
            scan.AllContrasts.Add(image.Name.Contrast);
        }

        scan.CheckSubjects(tree, raw);
        var labels = new LabelIndex(root, tree, raw, scan.Findings);
        var chosen = RawImages.WithoutTwins(root, raw.Where(i => filter.TakesExtension(i.Extension) && filter.TakesContrast(i.Name)), scan.Findings);
        var columns = new ColumnIndex(root, tree, scan.Participants, scan.Samples, raw, scan.Findings);
        scan.AddImages(chosen, labels, new SidecarIndex(root, tree, scan.Findings), columns, filter, ct);
        observer.Verbose($"{root}: {scan.Images.Count} of {raw.Count} images, {scan.Findings.Count} findings.");
        return scan;
    }

    private void AddImages(
        List<RawImage> chosen, LabelIndex labels, SidecarIndex sidecars, ColumnIndex columns, DatasetFilter filter, CancellationToken ct)
    {
        var images = new List<BidsImage>(chosen.Count);
        foreach (var image in chosen)
        {
            ct.ThrowIfCancellationRequested();
            if (!IsFilled(image.File, "image"))
                continue;
            var found = labels.LabelsOf(image);
            AllTargets.UnionWith(found.Select(l => l.Suffix));
            var paths = found.Where(l => filter.TakesTarget(l.Suffix) && IsFilled(l.File, "label"))
                .ToDictionary(l => l.Suffix, l => BidsTree.FullPath(Root, l.File.RelativePath), StringComparer.Ordinal);
            images.Add(new BidsImage
            {
                Path = BidsTree.FullPath(Root, image.File.RelativePath),
                Root = Root,
                RelativePath = image.File.RelativePath,
                Subject = image.Subject,
                Entities = image.Name.Entities.Where(e => e.Key != "sub").ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal),
                Suffix = image.Name.Suffix,
                Contrast = image.Name.Contrast,
                DataType = image.DataType,
                Extension = image.Extension,
                Metadata = sidecars.MetadataOf(image),
                Columns = columns.ColumnsOf(image),
                Labels = paths,
            });
        }

        Images.AddRange(HeaderCheck.Run(images, Findings, ct));
    }

    private bool IsFilled(BidsFile file, string what)
    {
        if (file.Size > 0)
            return true;
        Findings.Add(FindingCatalog.EmptyFile.At(BidsTree.FullPath(Root, file.RelativePath), $"The {what} {file.RelativePath} is empty (0 bytes)."));
        return false;
    }

    private void CheckSubjects(BidsTree tree, List<RawImage> raw)
    {
        var withImages = raw.Select(i => i.Subject).ToHashSet(StringComparer.Ordinal);
        var folders = tree.SubjectFolders.ToHashSet(StringComparer.Ordinal);
        foreach (var folder in tree.SubjectFolders.Where(f => !withImages.Contains(f)))
            Findings.Add(FindingCatalog.SubjectWithoutImages.At(Path.Combine(Root, folder), $"The folder {folder} holds no image."));
        if (Participants.Count == 0)
            return;
        var table = Path.Combine(Root, "participants.tsv");
        var listed = Participants.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var id in listed.Where(id => !withImages.Contains(id) && !folders.Contains(id)))
            Findings.Add(FindingCatalog.ParticipantWithoutImages.At(table, $"participants.tsv lists {id}, which has no image."));
        foreach (var id in withImages.Where(id => !listed.Contains(id)))
            Findings.Add(FindingCatalog.SubjectNotInParticipants.At(folders.Contains(id) ? Path.Combine(Root, id) : table, $"{id} is not listed in participants.tsv."));
    }
}
