namespace MedSeg.Engine.Bids.Checks;

/// <summary>Labels with the very voxels of an image of the subject, or of another label of their image.</summary>
internal sealed class LabelCopyCheck : IBidsCheck
{
    public static readonly FindingKind LabelEqualsImage = new(
        "LabelEqualsImage", FindingSeverity.Error, "Replace it by the label; an image was saved under its name.");

    public static readonly FindingKind LabelsEqual = new(
        "LabelsEqual", FindingSeverity.Warning, "Check that both were meant: two classes or raters seldom agree in every voxel.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [LabelEqualsImage, LabelsEqual];

    public IEnumerable<BidsFinding> OfSubject(IReadOnlyList<CheckedFile> files)
    {
        var images = files.Where(f => f is { IsLabel: false, Content: not null }).ToLookup(f => f.Content!.Value);
        foreach (var label in files.Where(f => f is { IsLabel: true, Content: not null }))
        {
            if (images[label.Content!.Value].FirstOrDefault() is { } image)
                yield return label.Report(LabelEqualsImage, $"has the voxels of the image {image.RelativePath}");
        }

        var labels = files.Where(f => f is { TargetSuffix: not null, Content: not null });
        foreach (var equal in labels.GroupBy(f => (f.Image!.RelativePath, f.Content!.Value)))
        {
            var suffixes = equal.Select(f => f.TargetSuffix!).Distinct(StringComparer.Ordinal).ToList();
            if (suffixes.Count > 1)
            {
                var others = string.Join(", ", suffixes.Skip(1));
                yield return equal.First().Report(LabelsEqual, $"has the same voxels as {others} of its image");
            }
        }
    }
}
