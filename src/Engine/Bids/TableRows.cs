namespace MedSeg.Engine.Bids;

/// <summary>What the tables have in common.</summary>
internal static class TableRows
{
    private const int Shown = 3;

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
