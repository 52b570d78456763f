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
    private readonly Dictionary<BidsParticipant, IReadOnlyDictionary<string, string?>> _sampleColumns = new(ReferenceEqualityComparer.Instance);
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
            _participants.TryAdd(row.Id, TableRows.WithoutIds(row.Columns));
        foreach (var row in samples)
            _sampleColumns.Add(row, TableRows.WithoutIds(row.Columns));
        _samples = new SampleIndex(samples);
        _sessions = new SessionTables(root, tree, images, findings);
        _scans = new ScanTables(root, tree, findings);
        ReportSamples(root, samples, images, findings);
        IEnumerable<string>[] columns =
        [
            participants.SelectMany(p => p.Columns.Keys).Distinct(), samples.SelectMany(s => s.Columns.Keys).Distinct(),
            _sessions.Columns, _scans.Columns,
        ];
        _shared = columns.SelectMany(c => c).GroupBy(c => c, StringComparer.Ordinal).Where(g => g.Count() > 1 && !TableRows.IsId(g.Key))
            .Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The columns of one image; images whose only row is their participant's share that row.</summary>
    public IReadOnlyDictionary<string, string?> ColumnsOf(RawImage image)
    {
        IReadOnlyDictionary<string, string?>?[] rows =
        [
            _participants.GetValueOrDefault(image.Subject),
            _samples.Find(image.Subject, image.Name.Entities.GetValueOrDefault("sample")) is { } sample ? _sampleColumns[sample] : null,
            _sessions.Find(image.Subject, image.Name.Entities.GetValueOrDefault("ses")),
            _scans.Find(image.File),
        ];
        var layers = Names.Zip(rows).Where(l => l.Second is not null).Select(l => (l.First, l.Second!)).ToArray();
        return layers.Length switch
        {
            0 => Nothing,
            1 when _shared.Count == 0 => layers[0].Item2,
            _ => new ColumnDictionary(layers, _shared),
        };
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
}
