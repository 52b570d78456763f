namespace MedSeg.Engine.Bids;

/// <summary>The tables of one dataset whose rows have ids: participants.tsv, samples.tsv and sub-x_sessions.tsv.</summary>
internal static class DatasetTables
{
    private const string ParticipantColumn = "participant_id";
    private const string SampleColumn = "sample_id";

    /// <summary>The rows of participants.tsv in file order, each participant once.</summary>
    public static List<BidsParticipant> ReadParticipants(string root, BidsTree tree, List<BidsFinding> findings)
    {
        const string Name = "participants.tsv";
        var path = Path.Combine(root, Name);
        if (!Has(tree, Name))
        {
            findings.Add(FindingCatalog.ParticipantsMissing.At(root, "The dataset has no participants.tsv; its subjects come from the folders."));
            return [];
        }

        return ReadRows(path, ParticipantColumn, "sub-", findings, (_, id) => id, FindingCatalog.DuplicateParticipant);
    }

    /// <summary>The rows of samples.tsv in file order. The same sample name may occur for several participants.</summary>
    public static List<BidsParticipant> ReadSamples(string root, BidsTree tree, List<BidsFinding> findings)
    {
        const string Name = "samples.tsv";
        return Has(tree, Name)
            ? ReadRows(
                Path.Combine(root, Name),
                SampleColumn,
                "sample-",
                findings,
                (cells, id) => $"{cells.GetValueOrDefault(ParticipantColumn)} {id}",
                FindingCatalog.DuplicateRow)
            : [];
    }

    /// <summary>The rows of one sub-x_sessions.tsv in file order, each session once.</summary>
    public static List<BidsParticipant> ReadSessions(string path, List<BidsFinding> findings) =>
        ReadRows(path, "session_id", "ses-", findings, (_, id) => id, FindingCatalog.DuplicateRow);

    private static List<BidsParticipant> ReadRows(
        string path,
        string column,
        string prefix,
        List<BidsFinding> findings,
        Func<Dictionary<string, string?>, string, string> keyOf,
        FindingKind duplicate)
    {
        if (TsvTable.Read(path, findings) is not { } table)
            return [];
        var index = table.IndexOf(column);
        if (index < 0)
        {
            findings.Add(FindingCatalog.TableColumn.At(
                path, $"{Path.GetFileName(path)} has no column '{column}' (it has: {string.Join(", ", table.Columns)}); the table is not used."));
            return [];
        }

        var rows = new List<BidsParticipant>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in table.Rows)
        {
            if (CheckId(row, index, prefix, path, findings) is not { } id)
                continue;
            var cells = table.ToDictionary(row, index);
            if (seen.Add(keyOf(cells, id)))
                rows.Add(new BidsParticipant(id, cells));
            else
                findings.Add(duplicate.At(path, $"{Path.GetFileName(path)} line {row.Line} names '{id}' again."));
        }

        return rows;
    }

    /// <summary>The id of a row with its prefix; null with a finding when there is none that could name a folder.</summary>
    private static string? CheckId(TsvRow row, int index, string prefix, string path, List<BidsFinding> findings)
    {
        var where = $"{Path.GetFileName(path)} line {row.Line}";
        if (row.Cells[index] is not { } id)
        {
            findings.Add(FindingCatalog.ParticipantId.At(path, $"{where} has no id; the row is not used."));
            return null;
        }

        var full = id.StartsWith(prefix, StringComparison.Ordinal) ? id : prefix + id;
        if (!BidsName.IsLabel(full.AsSpan(prefix.Length)))
        {
            findings.Add(FindingCatalog.ParticipantId.At(path, $"{where}: '{id}' is not of the form {prefix}<label>; the row is not used."));
            return null;
        }

        if (full.Length != id.Length)
            findings.Add(FindingCatalog.ParticipantId.At(path, $"{where}: '{id}' lacks the prefix '{prefix}'; read as '{full}'."));
        return full;
    }

    private static bool Has(BidsTree tree, string name) =>
        tree.RootFiles.Exists(f => string.Equals(f.Name, name, StringComparison.Ordinal));
}
