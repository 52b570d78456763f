namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// One thing that Test-BidsDataset looks at. A check has no state: each method sees what is known at its stage and returns what it
/// noticed. A new check is one file and one line in <see cref="CheckRegistry"/>; its kinds are documented in docs/findings.md.
/// </summary>
internal interface IBidsCheck
{
    /// <summary>All that this check can report. Those of the import that it repeats are not among them.</summary>
    IReadOnlyList<FindingKind> Kinds { get; }

    /// <summary>Looks at the names and tables of one dataset, before any image is opened.</summary>
    IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct) => [];

    /// <summary>
    /// Looks at one image or label: its first bytes, its header and, in a deep check, its voxels. Called by several threads.
    /// </summary>
    IEnumerable<BidsFinding> OfFile(OpenedFile file) => [];

    /// <summary>Compares the images and labels of one subject, in ordinal order of their paths.</summary>
    IEnumerable<BidsFinding> OfSubject(IReadOnlyList<CheckedFile> files) => [];

    /// <summary>Compares the images and labels of all datasets, in the order in which they were looked at.</summary>
    IEnumerable<BidsFinding> OfAll(IReadOnlyList<CheckedFile> files) => [];
}
