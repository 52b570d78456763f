namespace MedSeg.Engine.Bids.Checks;

/// <summary>Labels of equal voxels in several subjects.</summary>
internal sealed class DuplicateLabelCheck : IBidsCheck
{
    public static readonly FindingKind CopiedLabel = new(
        "CopiedLabel", FindingSeverity.Warning,
        "Check whose label it is: no two people have the same, so one was filed under the wrong subject.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [CopiedLabel];

    public IEnumerable<BidsFinding> OfAll(IReadOnlyList<CheckedFile> files) =>
        Copies.Among(files.Where(f => f.IsLabel)).Where(copies => copies.Subjects > 1)
            .Select(copies => copies.First.Report(
                CopiedLabel, $"has the same voxels as {copies.Others}: {copies.Subjects} subjects share one label"));
}
