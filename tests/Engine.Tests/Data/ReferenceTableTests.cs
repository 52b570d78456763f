using System.Globalization;
using System.Text.Json;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Data;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

/// <summary>
/// The file tables of the reference toolbox are reproduced cell by cell. What is normalised: numbers compare as numbers, lists by their
/// elements, an empty cell is null, and the order of rows and columns does not count. What differs on purpose is listed here.
/// </summary>
public class ReferenceTableTests
{
    /// <summary>
    /// The reference renames a sessions column that scans.tsv has too; here the plain name has the closest value and both tables'
    /// own columns are kept beside it.
    /// </summary>
    private static readonly Dictionary<string, string> Renamed = new() { ["acq_time_x"] = "sessions.acq_time", ["acq_time"] = "scans.acq_time" };

    /// <summary>Columns that only this table has: the file itself, what a label belongs to, the whole contrast, and the two ids of the joins.</summary>
    private static readonly string[] Added = ["path", "image", "target_suffix", "contrast", "session_id", "acq_time"];

    [SharedTheory]
    [InlineData("df_ref.csv", "", "T1w,T2w", "_seg-manual,_lesion-manual")]
    [InlineData("microscopy_png/df_ref.csv", "microscopy_png", "SEM", "_seg-axon-manual,_seg-myelin-manual")]
    [InlineData("df_ref_multi.csv", ",microscopy_png", "T1w,T2w,SEM", "_seg-manual,_seg-axon-manual")]
    public void The_table_agrees_with_the_reference(string file, string roots, string contrasts, string targets)
    {
        string[] cases = ["data", "loader-cases"];
        var expected = CsvRows.Read(SharedFolder.File([.. cases, .. file.Split('/')])).ToDictionary(r => r["filename"]);
        var request = new DatasetRequest(
            [.. roots.Split(',').Select(r => SharedFolder.File([.. cases, r]))], contrasts.Split(','), targets.Split(','), []);
        var table = DatasetTable.Of(BidsScanner.Scan(request, SilentObserver.Instance, CancellationToken.None), labelledOnly: true);
        var rows = table.Rows.Select(row => table.Columns.Zip(row).ToDictionary(c => c.First, c => c.Second)).ToDictionary(r => (string)r["filename"]!);

        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        var columns = expected.Values.First().Keys.Select(c => Renamed.GetValueOrDefault(c, c)).ToList();
        Assert.Empty(table.Columns.Except(columns).Except(Added));
        var compared = 0;
        foreach (var (name, reference) in expected)
        {
            foreach (var (column, text) in reference)
            {
                var cell = rows[name].GetValueOrDefault(Renamed.GetValueOrDefault(column, column));
                Assert.True(Same(text, cell), $"{name}, {column}: the reference has '{text}', the table '{cell}'.");
                compared += text.Length > 0 ? 1 : 0;
            }
        }

        Assert.True(compared > 50, "The reference has hardly any cell.");
    }

    private static bool Same(string reference, object? cell)
    {
        if (reference.Length == 0 || cell is null)
            return reference.Length == 0 && cell is null;
        var text = Convert.ToString(cell, CultureInfo.InvariantCulture)!;
        if (!reference.StartsWith('['))
            return SameScalar(reference, text);
        var elements = JsonSerializer.Deserialize<JsonElement[]>(text)!;
        var items = reference[1..^1].Split(", ");
        return items.Length == elements.Length && items.Zip(elements).All(p => SameScalar(p.First.Trim('\''), p.Second.ToString()));
    }

    private static bool SameScalar(string a, string b) =>
        a == b || (Number(a) is { } x && Number(b) is { } y && x == y);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
