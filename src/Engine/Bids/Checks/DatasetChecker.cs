using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Test-BidsDataset: what the import finds, and what the checks of <see cref="CheckRegistry"/> add. Nothing is written. Files are opened
/// several at a time; voxels only within a budget of memory.
/// </summary>
/// <remarks>
/// Findings come as they are made and in an order that depends on the datasets alone: dataset by dataset; in each first what concerns
/// the whole, then subject by subject in ordinal order (names and import, then file by file, then comparisons within the subject); at
/// the end comparisons between subjects and datasets.
/// </remarks>
public static class DatasetChecker
{
    private const int MostWorkers = 8;
    private static readonly Comparer<BidsFinding> InOrder = Comparer<BidsFinding>.Create(RootView.Compare);

    /// <summary>Checks datasets one after the other. A root that is not a folder is one error of the observer.</summary>
    public static IEnumerable<BidsFinding> Run(DatasetCheckRequest request, ISegObserver observer, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(observer);
        return Run(request, observer, Math.Clamp(Environment.ProcessorCount, 1, MostWorkers), ct);
    }

    /// <param name="workers">Files that are looked at at a time.</param>
    internal static IEnumerable<BidsFinding> Run(DatasetCheckRequest request, ISegObserver observer, int workers, CancellationToken ct) =>
        Findings(request, observer, workers, ct).Where(f => f.Severity >= request.MinimumSeverity);

    private static IEnumerable<BidsFinding> Findings(DatasetCheckRequest request, ISegObserver observer, int workers, CancellationToken ct)
    {
        var gate = request.Deep ? MemoryGate.OfThisMachine() : null;
        var files = new List<CheckedFile>();
        foreach (var root in Roots(request, observer, ct))
        {
            foreach (var finding in OfRoot(root, gate, files, workers, observer, ct))
                yield return finding;
        }

        foreach (var finding in CheckRegistry.All.SelectMany(check => check.OfAll(files)).Order(InOrder))
            yield return finding;
        CheckProgress.Complete(observer);
    }

    /// <summary>Each root once, whether it was given as a path or as part of a dataset.</summary>
    private static IEnumerable<RootView> Roots(DatasetCheckRequest request, ISegObserver observer, CancellationToken ct)
    {
        var seen = new HashSet<string>(PlatformFiles.PathComparer);
        foreach (var path in request.Paths.Where(path => seen.Add(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))))
        {
            if (Import(path, request, observer, ct) is { } dataset)
                yield return RootView.Of(dataset, dataset.Roots[0], whole: true, ct);
        }

        foreach (var dataset in request.Datasets)
        {
            foreach (var root in dataset.Roots.Where(seen.Add))
                yield return RootView.Of(dataset, root, whole: false, ct);
        }
    }

    private static BidsDataset? Import(string path, DatasetCheckRequest request, ISegObserver observer, CancellationToken ct)
    {
        try
        {
            return BidsScanner.Scan(
                new DatasetRequest([path], [], [], []) { BidsConfig = request.BidsConfig, Validate = request.Validate }, observer, ct);
        }
        catch (SegException error)
        {
            observer.Error(error);
            return null;
        }
    }

    private static IEnumerable<BidsFinding> OfRoot(
        RootView root, MemoryGate? gate, List<CheckedFile> all, int workers, ISegObserver observer, CancellationToken ct)
    {
        root.Distribute(CheckRegistry.All.SelectMany(check => check.OfRoot(root, ct)));
        var progress = new CheckProgress(observer, root.Files, gate is not null, TimeProvider.System);
        using var opened = OrderedWork.Run(root.Files, (file, token) => Inspect(file, gate, token), workers, ct).GetEnumerator();
        var next = opened.MoveNext();
        foreach (var subject in root.Subjects)
        {
            foreach (var finding in root.ImportedOf(subject))
                yield return finding;
            var files = new List<CheckedFile>();
            for (; next && opened.Current.File.Subject == subject; next = opened.MoveNext())
            {
                ct.ThrowIfCancellationRequested();
                files.Add(opened.Current.File);
                progress.Done(opened.Current.File);
                foreach (var finding in opened.Current.Findings)
                    yield return finding;
            }

            all.AddRange(files);
            foreach (var finding in CheckRegistry.All.SelectMany(check => check.OfSubject(files)).Order(InOrder))
                yield return finding;
        }
    }

    private static (CheckedFile File, List<BidsFinding> Findings) Inspect(CheckedFile file, MemoryGate? gate, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var opened = FileReader.Open(file, file.IsReported ? null : gate, ct);
        var findings = new List<BidsFinding>();
        try
        {
            foreach (var check in CheckRegistry.All)
                findings.AddRange(check.OfFile(opened));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever one file holds, the others are checked.
            findings.Add(file.Report(FindingCatalog.ImageUnreadable, $"can't be checked: {e.Message}"));
        }

        return (opened.File, findings);
    }
}
