namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Subjects of one name in several of the datasets that are checked together; the import says it of those imported together.
/// </summary>
internal sealed class SharedSubjectCheck : IBidsCheck
{
    public IReadOnlyList<FindingKind> Kinds { get; } = [];

    public IEnumerable<BidsFinding> OfAll(IReadOnlyList<CheckedFile> files)
    {
        foreach (var subject in files.Where(f => f.IsUsedImage).GroupBy(f => f.Subject))
        {
            var roots = subject.Select(f => f.Root).Distinct().ToList();
            if (roots.Count > 1)
            {
                yield return FindingCatalog.SubjectInSeveralRoots.At(
                    roots[0], $"{subject.Key} occurs in {roots.Count} datasets and counts as one subject.");
            }
        }
    }
}
