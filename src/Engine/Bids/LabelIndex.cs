namespace MedSeg.Engine.Bids;

/// <summary>A label file and what it belongs to.</summary>
/// <param name="Suffix">Target suffix: what follows the image's name, for example <c>_seg-manual</c>.</param>
/// <param name="File">Where it lies.</param>
/// <param name="Extension">With dots, lower case.</param>
internal sealed record LabelFile(string Suffix, BidsFile File, string Extension);

/// <summary>
/// Gives each image its labels: a label's name is exactly the image's name plus a target suffix, and it lies in the image's
/// subject folder below <c>derivatives</c>; of an image outside the subjects' folders, in the same folder there as the image's own.
/// <c>derivatives/labels</c> comes before other pipelines.
/// </summary>
internal sealed class LabelIndex
{
    private const string LabelPipeline = "labels";

    private readonly string _root;
    private readonly List<BidsFinding> _findings;
    private readonly Dictionary<(string Subject, string Stem), List<RawImage>> _images;
    private readonly Dictionary<(string Folder, string Stem), RawImage> _outside;
    private readonly Dictionary<(string Folder, string Stem), List<LabelFile>> _labels = [];

    public LabelIndex(string root, BidsTree tree, IReadOnlyList<RawImage> images, List<BidsFinding> findings)
    {
        _root = root;
        _findings = findings;
        _images = images.GroupBy(i => (i.Subject, i.Stem)).ToDictionary(g => g.Key, g => g.ToList());
        _outside = images.Where(i => i.ByPattern).DistinctBy(i => (i.File.Folder, i.Stem)).ToDictionary(i => (i.File.Folder, i.Stem));
        foreach (var (pipeline, files) in tree.Pipelines.OrderBy(p => p.Key is LabelPipeline ? 0 : p.Key.Length == 0 ? 1 : 2))
            AddPipeline(pipeline, files);
    }

    /// <summary>The labels of one image, each suffix once, in ordinal order of the suffixes.</summary>
    public IReadOnlyList<LabelFile> LabelsOf(RawImage image)
    {
        if (!_labels.TryGetValue((image.File.Folder, image.Stem), out var labels))
            return [];
        var chosen = new List<LabelFile>();
        foreach (var group in labels.GroupBy(l => l.Suffix).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var best = group.OrderBy(l => string.Equals(l.Extension, image.Extension, StringComparison.Ordinal) ? 0 : 1).First();
            chosen.Add(best);
            foreach (var other in group.Where(l => !ReferenceEquals(l, best)))
            {
                Report(
                    FindingCatalog.DuplicateLabel,
                    other.File,
                    $"is a second label {group.Key} of {image.File.Name}; {best.File.RelativePath} is used");
            }
        }

        return chosen;
    }

    private void AddPipeline(string pipeline, List<BidsFile> files)
    {
        var isLabels = pipeline is LabelPipeline or "";
        if (!isLabels && DatasetDescription.IsPrediction(_root, files, _findings))
        {
            _findings.Add(FindingCatalog.PredictionsIgnored.At(
                BidsTree.FullPath(_root, "derivatives/" + pipeline), $"derivatives/{pipeline} holds predictions; they are not used as labels."));
            return;
        }

        foreach (var file in files)
        {
            var extension = ImageNames.ExtensionOf(file.Name);
            if (extension.Length > 0)
                Add(file, extension, isLabels);
        }
    }

    private void Add(BidsFile file, string extension, bool isLabels)
    {
        var stem = file.Name[..^extension.Length];
        var folders = file.Folder.Split('/');
        var subject = Array.Find(folders, f => f.StartsWith("sub-", StringComparison.Ordinal)) ?? string.Empty;
        var named = stem.Split('_')[0];
        var match = MatchOutside(stem, folders, isLabels);
        if (match is null && !isLabels && !string.Equals(named, subject, StringComparison.Ordinal))
            return;

        if ((match ?? Match(subject, stem, folders)) is var (image, suffix))
        {
            var key = (image.File.Folder, image.Stem);
            if (!_labels.TryGetValue(key, out var list))
                _labels.Add(key, list = []);
            list.Add(new LabelFile(suffix, file, extension));
        }
        else if (isLabels && named.StartsWith("sub-", StringComparison.Ordinal) && !string.Equals(named, subject, StringComparison.Ordinal))
        {
            Report(FindingCatalog.MisfiledLabel, file, $"is named after {named} and lies in the folder of {(subject.Length == 0 ? "no subject" : subject)}");
        }
        else if (isLabels)
        {
            Report(FindingCatalog.OrphanLabel, file, "belongs to no image: its name is not an image's name plus a target suffix");
        }
    }

    /// <summary>As <see cref="Match"/>, for images that only a <c>bids_config</c> explains: derivatives/pipeline/x stands for x.</summary>
    private (RawImage Image, string Suffix)? MatchOutside(string stem, string[] folders, bool isLabels)
    {
        if (_outside.Count == 0)
            return null;
        var direct = isLabels && folders.Length > 1 && folders[1] is not LabelPipeline ? 1 : 2;
        var folder = string.Join('/', folders.Skip(direct));
        for (var cut = stem.LastIndexOf('_'); cut > 0; cut = stem.LastIndexOf('_', cut - 1))
        {
            if (_outside.TryGetValue((folder, stem[..cut]), out var image))
                return (image, stem[cut..]);
        }

        return null;
    }

    /// <summary>
    /// The image whose name, cut from the label's at an underscore, is the longest. Of several, the one in the folder that the label's
    /// mirrors, else one of the label's data type.
    /// </summary>
    private (RawImage Image, string Suffix)? Match(string subject, string stem, string[] folders)
    {
        for (var cut = stem.LastIndexOf('_'); cut > 0; cut = stem.LastIndexOf('_', cut - 1))
        {
            if (!_images.TryGetValue((subject, stem[..cut]), out var candidates))
                continue;
            if (candidates.Count == 1)
                return (candidates[0], stem[cut..]);
            var mirrored = string.Join('/', folders.SkipWhile(f => f != subject));
            var image = candidates.Find(c => c.File.Folder == mirrored) ?? candidates.Find(c => c.DataType == folders[^1]) ?? candidates[0];
            return (image, stem[cut..]);
        }

        return null;
    }

    private void Report(FindingKind kind, BidsFile file, string what) =>
        _findings.Add(kind.At(BidsTree.FullPath(_root, file.RelativePath), $"{file.RelativePath} {what}."));
}
