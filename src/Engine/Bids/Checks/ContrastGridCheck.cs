using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>Contrasts of one session that do not share a grid: they can't be channels of one network as they are.</summary>
internal sealed class ContrastGridCheck : IBidsCheck
{
    private const double SameSpacing = 0.01;

    public static readonly FindingKind ContrastGrids = new(
        "ContrastGrids", FindingSeverity.Information,
        "Nothing for models of one contrast; for multichannel models resample the contrasts onto one grid first.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [ContrastGrids];

    public IEnumerable<BidsFinding> OfSubject(IReadOnlyList<CheckedFile> files)
    {
        var images = files.Where(f => f.IsUsedImage && f.Geometry is not null);
        foreach (var session in images.GroupBy(f => SessionOf(f.Image!)))
        {
            var first = session.First();
            var others = session.Where(f => f.Image!.Contrast != first.Image!.Contrast)
                .Select(f => (File: f, Difference: Difference(first, f))).Where(d => d.Difference is not null)
                .Select(d => $"{d.File.Image!.Contrast} {d.Difference}").ToList();
            if (others.Count > 0)
            {
                yield return first.Report(
                    ContrastGrids, $"does not share its grid with the other contrasts of the session: {string.Join("; ", others)}");
            }
        }
    }

    private static (string? Session, string? Sample, string? Run, string DataType) SessionOf(BidsImage image) =>
        (image.Session, image.Sample, image.Entities.GetValueOrDefault("run"), image.DataType);

    private static string? Difference(CheckedFile first, CheckedFile file)
    {
        var (a, b) = (LabelPairs.InRas(first.Geometry!), LabelPairs.InRas(file.Geometry!));
        if (!GridAgreement.SameSize(a, b))
            return $"has {GridAgreement.Size(b)} voxels instead of {GridAgreement.Size(a)}";
        if (Ratio(a.Spacing.X, b.Spacing.X) || Ratio(a.Spacing.Y, b.Spacing.Y) || Ratio(a.Spacing.Z, b.Spacing.Z))
            return $"has voxels of {Names.Spacing(b)} instead of {Names.Spacing(a)}";
        if (GridAgreement.Difference(a, b) is { } difference)
            return $"lies {difference} elsewhere";
        return file.Orientation == first.Orientation ? null : $"is stored as {file.Orientation} instead of {first.Orientation}";
    }

    private static bool Ratio(double a, double b) => Math.Abs(a - b) > SameSpacing * a;
}
