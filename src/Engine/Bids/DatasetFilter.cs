namespace MedSeg.Engine.Bids;

/// <summary>Which images and labels were asked for. Everything is matched exactly; nothing asked means everything.</summary>
internal sealed record DatasetFilter(
    IReadOnlyList<string> Contrasts, IReadOnlyList<string> TargetSuffixes, IReadOnlyList<string> Extensions, string? RoiSuffix)
{
    public static DatasetFilter From(DatasetRequest request) => new(
        request.Contrasts,
        request.TargetSuffixes,
        [.. request.Extensions.Select(e => (e.StartsWith('.') ? e : "." + e).ToLowerInvariant())],
        request.RoiSuffix);

    /// <summary>A contrast names the suffix (T2w) or the acquisition with the suffix (acq-MTon_MTS), never a part of either.</summary>
    public bool TakesContrast(BidsName name) =>
        Contrasts.Count == 0
        || Contrasts.Contains(name.Suffix, StringComparer.Ordinal)
        || Contrasts.Contains(name.Contrast, StringComparer.Ordinal);

    /// <summary>The region of interest is taken with the targets.</summary>
    public bool TakesTarget(string suffix) =>
        TargetSuffixes.Count == 0 || suffix == RoiSuffix || TargetSuffixes.Contains(suffix, StringComparer.Ordinal);

    public bool TakesExtension(string extension) => Extensions.Count == 0 || Extensions.Contains(extension, StringComparer.Ordinal);

    /// <summary>Adds a finding for each wish that nothing answers.</summary>
    public void ReportUnmatched(List<string> roots, List<RootScan> scans, List<BidsImage> images, List<BidsFinding> findings)
    {
        var contrasts = scans.SelectMany(s => s.AllContrasts).ToHashSet(StringComparer.Ordinal);
        foreach (var wish in Contrasts.Where(c => !contrasts.Contains(c)))
            findings.Add(FindingCatalog.ContrastNotFound.At(roots[0], $"No image has the contrast '{wish}'. There are: {Listed(contrasts)}."));
        ReportLabels(roots, scans, images, findings);
        foreach (var scan in scans.Where(s => s.Images.Count == 0))
        {
            var why = scan.RawCount > 0 ? $"None of its {scan.RawCount} images is usable and passes the filters." : "It holds no image with a BIDS name and place.";
            findings.Add(FindingCatalog.NoImages.At(scan.Root, $"The dataset '{scan.Name}' yields no images. {why}"));
        }
    }

    /// <summary>The region of interest never answers the wish for a class.</summary>
    private void ReportLabels(List<string> roots, List<RootScan> scans, List<BidsImage> images, List<BidsFinding> findings)
    {
        var targets = scans.SelectMany(s => s.AllTargets).ToHashSet(StringComparer.Ordinal);
        IEnumerable<string> wishes = RoiSuffix is null ? TargetSuffixes : [.. TargetSuffixes, RoiSuffix];
        foreach (var wish in wishes.Distinct().Where(t => !targets.Contains(t)))
            findings.Add(FindingCatalog.TargetNotFound.At(roots[0], $"No label has the target suffix '{wish}'. There are: {Listed(targets)}."));
        if (TargetSuffixes.Any(targets.Contains))
        {
            findings.AddRange(images.Where(i => !TargetSuffixes.Any(i.Labels.ContainsKey)).Select(image => FindingCatalog.MissingLabel.At(
                image.Path, $"{image.RelativePath} has no label {string.Join(" or ", TargetSuffixes)}.")));
        }

        if (RoiSuffix is not null && targets.Contains(RoiSuffix))
        {
            findings.AddRange(images.Where(i => !i.Labels.ContainsKey(RoiSuffix)).Select(image => FindingCatalog.MissingRoi.At(
                image.Path, $"{image.RelativePath} has no region of interest {RoiSuffix}.")));
        }
    }

    private static string Listed(IEnumerable<string> names)
    {
        var text = string.Join(", ", names.Order(StringComparer.Ordinal));
        return text.Length == 0 ? "none" : text;
    }
}
