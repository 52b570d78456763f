using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Bids;

/// <summary>
/// Indexes BIDS datasets: images, labels, tables and metadata. Reads names, sizes, small text files and image headers, writes
/// nothing, and reports what is wrong as findings (docs/findings.md).
/// </summary>
public static class BidsScanner
{
    /// <summary>Indexes one or several datasets as one.</summary>
    /// <exception cref="SegException">
    /// <c>DatasetNotFound</c>: a root is not a folder. <c>BidsConfigNotFound</c>, <c>BidsConfigInvalid</c> or <c>BidsConfigTooSlow</c>.
    /// </exception>
    public static BidsDataset Scan(DatasetRequest request, ISegObserver observer, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(observer);
        var roots = RootsOf(request.Paths);
        var filter = DatasetFilter.From(request);
        var patterns = request.BidsConfig is { } file ? PatternFile.Read(file, observer.Warning)
            : request.Validate ? null : StandardPatterns.Create();
        var scans = new List<RootScan>(roots.Count);
        foreach (var root in roots)
        {
            observer.Progress(new SegProgress(0, "Indexing dataset", root));
            scans.Add(RootScan.Run(root, filter, patterns, observer, ct));
        }

        observer.Progress(new SegProgress(0, "Indexing dataset", "Done", 100, Completed: true));
        return Assemble(roots, scans, filter) with { BidsConfig = request.BidsConfig, Validated = request.Validate };
    }

    private static List<string> RootsOf(IReadOnlyList<string> paths)
    {
        var roots = paths.Select(p => Path.TrimEndingDirectorySeparator(Path.GetFullPath(p))).Distinct(PlatformFiles.PathComparer).ToList();
        if (roots.Count == 0)
            throw new SegException("DatasetNotFound", SegErrorKind.InvalidArgument, "No dataset folder was given.", "Pass the path of a BIDS dataset.");
        foreach (var root in roots.Where(r => !Directory.Exists(r)))
        {
            throw new SegException(
                "DatasetNotFound",
                SegErrorKind.NotFound,
                File.Exists(root) ? $"'{root}' is a file, not the folder of a dataset." : $"The dataset folder '{root}' does not exist.",
                "Pass the folder that holds the sub-… folders.",
                root);
        }

        return roots;
    }

    private static BidsDataset Assemble(List<string> roots, List<RootScan> scans, DatasetFilter filter)
    {
        var findings = scans.SelectMany(s => s.Findings).ToList();
        var images = scans.SelectMany(s => s.Images)
            .OrderBy(i => i.RelativePath, StringComparer.Ordinal).ThenBy(i => i.Root, StringComparer.Ordinal).ToList();
        var participants = new Dictionary<string, BidsParticipant>(StringComparer.Ordinal);
        foreach (var participant in scans.SelectMany(s => s.Participants))
            participants.TryAdd(participant.Id, participant);
        foreach (var subject in images.GroupBy(i => i.Subject).Where(g => g.Select(i => i.Root).Distinct().Count() > 1))
        {
            findings.Add(FindingCatalog.SubjectInSeveralRoots.At(
                roots[0], $"{subject.Key} occurs in {subject.Select(i => i.Root).Distinct().Count()} datasets and counts as one subject."));
        }

        filter.ReportUnmatched(roots, scans, images, findings);

        // Plain arrays: PowerShell can't index the hidden types that collection expressions choose for read-only lists.
        return new BidsDataset
        {
            Roots = roots,
            Name = string.Join(" + ", scans.Select(s => s.Name)),
            Images = images,
            Subjects = images.GroupBy(i => i.Subject).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new BidsSubject(g.Key, participants.GetValueOrDefault(g.Key), g.ToArray())).ToArray(),
            Participants = participants.Values.ToArray(),
            Samples = scans.SelectMany(s => s.Samples).ToArray(),
            Findings = findings
                .OrderBy(f => f.Path, StringComparer.Ordinal)
                .ThenBy(f => f.Id, StringComparer.Ordinal)
                .ThenBy(f => f.Message, StringComparer.Ordinal).ToArray(),
        };
    }
}
