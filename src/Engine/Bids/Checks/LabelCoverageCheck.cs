namespace MedSeg.Engine.Bids.Checks;

/// <summary>Which images of a contrast have which labels: training takes a class without label for absent.</summary>
internal sealed class LabelCoverageCheck : IBidsCheck
{
    public static readonly FindingKind LabelLacking = new(
        "LabelLacking", FindingSeverity.Warning, "Add the label; in training a class without label counts as absent from the image.");

    public static readonly FindingKind LabelRare = new(
        "LabelRare", FindingSeverity.Information, "Nothing, if the other images are for prediction only; else add the labels.");

    public static readonly FindingKind NoLabels = new(
        "NoLabels", FindingSeverity.Information,
        "Nothing, if the images are for prediction only; else add labels below derivatives/labels.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [LabelLacking, LabelRare, NoLabels];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        // Where target suffixes were asked for, the import names the images that have none of them.
        var known = root.Dataset.Findings.Where(f => f.Id == FindingCatalog.MissingLabel.Id).Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var contrast in root.Images.GroupBy(i => i.Contrast).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            ct.ThrowIfCancellationRequested();
            var images = contrast.ToList();
            var suffixes = images.SelectMany(i => i.Labels.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            if (suffixes.Count == 0)
                yield return NoLabels.At(root.Root, $"None of the {Names.Counted(images.Count, contrast.Key + " image")} has a label.");
            foreach (var finding in suffixes.SelectMany(suffix => OfSuffix(root, contrast.Key, images, suffix)).Where(f => !known.Contains(f.Path)))
                yield return finding;
        }
    }

    private static IEnumerable<BidsFinding> OfSuffix(RootView root, string contrast, List<BidsImage> images, string suffix)
    {
        var lacking = images.FindAll(i => !i.Labels.ContainsKey(suffix));
        var labelled = images.Count - lacking.Count;
        if (lacking.Count == 0)
            return [];
        if (labelled >= lacking.Count)
        {
            return lacking.Select(image => LabelLacking.At(
                image.Path,
                $"{image.RelativePath} has no usable label {suffix}, which {labelled} of {images.Count} {contrast} images have."));
        }

        var those = images.FindAll(i => i.Labels.ContainsKey(suffix)).ConvertAll(i => i.RelativePath);
        var have = labelled == 1 ? "has" : "have";
        return
        [
            LabelRare.At(
                root.Root, $"Only {labelled} of {images.Count} {contrast} images {have} a label {suffix}: {Names.Listed(those)}."),
        ];
    }
}
