namespace MedSeg.Engine.Bids;

/// <summary>What the tables have in common.</summary>
internal static class TableRows
{
    private const int Shown = 3;

    /// <summary>Whether a column joins tables and is no property of the image.</summary>
    public static bool IsId(string column) => column is "participant_id" or "sample_id" or "session_id" or "filename";

    /// <summary>The row without the columns that join tables; the row itself where it has none.</summary>
    public static IReadOnlyDictionary<string, string?> WithoutIds(IReadOnlyDictionary<string, string?> row) =>
        row.Keys.Any(IsId) ? row.Where(c => !IsId(c.Key)).ToDictionary(StringComparer.Ordinal) : row;

    /// <summary>One finding for all rows of a table that name nothing.</summary>
    /// <param name="what">What the rows ought to name, in the singular.</param>
    /// <param name="rows">What they name instead.</param>
    public static void ReportUnmatched(string path, string what, IReadOnlyCollection<string> rows, List<BidsFinding> findings)
    {
        if (rows.Count == 0)
            return;
        var named = string.Join(", ", rows.Take(Shown)) + (rows.Count > Shown ? ", …" : "");
        findings.Add(FindingCatalog.RowWithoutFile.At(
            path, $"{Path.GetFileName(path)} has {rows.Count} row{(rows.Count == 1 ? "" : "s")} without a {what}: {named}."));
    }
}
