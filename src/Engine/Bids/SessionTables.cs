namespace MedSeg.Engine.Bids;

/// <summary>The tables <c>sub-x/sub-x_sessions.tsv</c>.</summary>
internal sealed class SessionTables
{
    private const string Ending = "_sessions.tsv";

    private readonly Dictionary<(string Subject, string Session), IReadOnlyDictionary<string, string?>> _rows = [];

    public SessionTables(string root, BidsTree tree, IReadOnlyList<RawImage> images, List<BidsFinding> findings)
    {
        var tables = tree.RawFiles.FindAll(f => f.Name.EndsWith(Ending, StringComparison.Ordinal));
        if (tables.Count == 0)
            return;
        var sessions = images.Select(i => (i.Subject, i.Name.Entities.GetValueOrDefault("ses"))).ToHashSet();
        foreach (var file in tables)
        {
            var path = BidsTree.FullPath(root, file.RelativePath);
            var subject = file.Name[..^Ending.Length];
            if (!string.Equals(file.Folder[(file.Folder.LastIndexOf('/') + 1)..], subject, StringComparison.Ordinal))
            {
                findings.Add(FindingCatalog.SubjectMismatch.At(path, $"{file.RelativePath} is not the sessions table of its folder: {subject}/{file.Name} would be."));
                continue;
            }

            var unmatched = new List<string>();
            foreach (var row in DatasetTables.ReadSessions(path, findings))
            {
                Columns.UnionWith(row.Columns.Keys);
                _rows.TryAdd((subject, row.Id), TableRows.WithoutIds(row.Columns));
                if (!sessions.Contains((subject, row.Id["ses-".Length..])))
                    unmatched.Add(row.Id);
            }

            TableRows.ReportUnmatched(path, "session with images", unmatched, findings);
        }
    }

    /// <summary>All columns but the session's id.</summary>
    public HashSet<string> Columns { get; } = new(StringComparer.Ordinal);

    /// <summary>The row of a subject's session (without its prefix), or null.</summary>
    public IReadOnlyDictionary<string, string?>? Find(string subject, string? session) =>
        session is null ? null : _rows.GetValueOrDefault((subject, "ses-" + session));
}
