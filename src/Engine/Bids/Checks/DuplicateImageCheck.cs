namespace MedSeg.Engine.Bids.Checks;

/// <summary>Images of equal voxels. Across subjects they make training and test set share what they should not.</summary>
internal sealed class DuplicateImageCheck : IBidsCheck
{
    public static readonly FindingKind DuplicateImage = new(
        "DuplicateImage", FindingSeverity.Warning,
        "Keep one of them: a copy in the test set makes its results too good. If it is one person, give it one subject.");

    public static readonly FindingKind RepeatedImage = new(
        "RepeatedImage", FindingSeverity.Warning, "Check which contrast, run or sample it really is, and remove the copy.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [DuplicateImage, RepeatedImage];

    public IEnumerable<BidsFinding> OfAll(IReadOnlyList<CheckedFile> files) =>
        Copies.Among(files.Where(f => !f.IsLabel)).Select(copies => copies.Subjects > 1
            ? copies.First.Report(DuplicateImage, $"has the same voxels as {copies.Others}: {copies.Subjects} subjects share one image")
            : copies.First.Report(RepeatedImage, $"has the same voxels as {copies.Others} of the same subject"));
}
