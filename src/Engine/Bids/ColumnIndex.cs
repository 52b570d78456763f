namespace MedSeg.Engine.Bids;

/// <summary>
/// Joins the tables of one root: for each image the rows of its participant, sample and session and its own row. Of equal columns
/// the closest with a value wins (scans, sessions, samples, participants), and such a column is there once more per table under
/// <c>table.column</c>, so that nothing is lost.
/// </summary>
internal sealed class ColumnIndex
{
    private static readonly string[] Names = ["participants", "samples", "sessions", "scans"];
    private static readonly Dictionary<string, string?> Nothing = [];

    private readonly Dictionary<string, IReadOnlyDictionary<string, string?>> _participants = new(StringComparer.Ordinal);
    private readonly SampleIndex _samples;
    private readonly SessionTables _sessions;
    private readonly ScanTables _scans;
    private readonly HashSet<string> _shared;

    public ColumnIndex(
        string root,
        BidsTree tree,
        IReadOnlyList<BidsParticipant> participants,
        IReadOnlyList<BidsParticipant> samples,
        IReadOnlyList<RawImage> images,
        List<BidsFinding> findings)
    {
        foreach (var row in participants)
            _participants.TryAdd(row.Id, WithoutIds(row.Columns));
        _samples = new SampleIndex(samples);
        _sessions = new SessionTables(root, tree, images, findings);
        _scans = new ScanTables(root, tree, findings);
        ReportSamples(root, samples, images, findings);
        IEnumerable<string>[] columns =
        [
            participants.SelectMany(p => p.Columns.Keys).Distinct(), samples.SelectMany(s => s.Columns.Keys).Distinct(),
            _sessions.Columns, _scans.Columns,
        ];
        _shared = columns.SelectMany(c => c).GroupBy(c => c, StringComparer.Ordinal).Where(g => g.Count() > 1 && !IsId(g.Key))
            .Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The merged columns of one image; images whose only row is their participant's share one dictionary.</summary>
    public IReadOnlyDictionary<string, string?> ColumnsOf(RawImage image)
    {
        IReadOnlyDictionary<string, string?>?[] rows =
        [
            _participants.GetValueOrDefault(image.Subject),
            _samples.Find(image.Subject, image.Name.Entities.GetValueOrDefault("sample"))?.Columns,
            _sessions.Find(image.Subject, image.Name.Entities.GetValueOrDefault("ses")),
            _scans.Find(image.File),
        ];
        if (rows[1] is null && rows[2] is null && rows[3] is null && _shared.Count == 0)
            return rows[0] ?? Nothing;
        var merged = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (column, value) in rows.Where(r => r is not null).SelectMany(r => r!).Where(c => !IsId(c.Key)))
        {
            if (value is not null || !merged.ContainsKey(column))
                merged[column] = value;
        }

        for (var table = 0; _shared.Count > 0 && table < rows.Length; table++)
        {
            foreach (var (column, value) in rows[table]?.Where(c => _shared.Contains(c.Key)) ?? [])
                merged.TryAdd($"{Names[table]}.{column}", value);
        }

        return merged;
    }

    private static void ReportSamples(
        string root, IReadOnlyList<BidsParticipant> samples, IReadOnlyList<RawImage> images, List<BidsFinding> findings)
    {
        if (samples.Count == 0)
            return;
        var used = new HashSet<BidsParticipant>(ReferenceEqualityComparer.Instance);
        var index = new SampleIndex(samples);
        foreach (var image in images)
        {
            if (index.Find(image.Subject, image.Name.Entities.GetValueOrDefault("sample")) is { } row)
                used.Add(row);
        }

        var unused = samples.Where(s => !used.Contains(s)).Select(s => string.Join(' ', [s.Id, .. Owner(s)])).ToList();
        TableRows.ReportUnmatched(Path.Combine(root, "samples.tsv"), "sample with images", unused, findings);
    }

    private static IEnumerable<string> Owner(BidsParticipant sample) =>
        sample.Columns.GetValueOrDefault("participant_id") is { } id ? [$"of {id}"] : [];

    private static IReadOnlyDictionary<string, string?> WithoutIds(IReadOnlyDictionary<string, string?> row) =>
        row.Keys.Any(IsId) ? row.Where(c => !IsId(c.Key)).ToDictionary(StringComparer.Ordinal) : row;

    private static bool IsId(string column) => column is "participant_id" or "sample_id" or "session_id" or "filename";
}
