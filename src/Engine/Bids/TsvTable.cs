using System.Text;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Bids;

/// <summary>One row of a table and where it stands.</summary>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Cells">One per column of the header; null for <c>n/a</c> and empty cells.</param>
internal sealed record TsvRow(int Line, IReadOnlyList<string?> Cells);

/// <summary>
/// A BIDS table: tab separated, first line is the header, quotes have no meaning. Reads what spreadsheets really write:
/// byte-order marks (UTF-8 and UTF-16), any line end, blank lines. Faulty rows become findings.
/// </summary>
internal sealed class TsvTable
{
    private const long MaximumBytes = 64L << 20;

    private TsvTable(IReadOnlyList<string> columns, IReadOnlyList<TsvRow> rows)
    {
        Columns = columns;
        Rows = rows;
    }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<TsvRow> Rows { get; }

    /// <summary>Reads a file; null with a finding when it can't be read as a table.</summary>
    public static TsvTable? Read(string path, List<BidsFinding> findings)
    {
        byte[] bytes;
        try
        {
            bytes = BoundedFile.ReadAllBytes(path, MaximumBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Add(FindingCatalog.TableUnreadable.At(path, $"{Path.GetFileName(path)} can't be read: {e.Message}"));
            return null;
        }

        return Parse(Decode(bytes), path, findings);
    }

    /// <summary>Parses a table's text.</summary>
    public static TsvTable? Parse(string text, string path, List<BidsFinding> findings)
    {
        var name = Path.GetFileName(path);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            findings.Add(FindingCatalog.TableUnreadable.At(path, $"{name} is not text: it holds NUL characters."));
            return null;
        }

        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        var header = Array.FindIndex(lines, line => !string.IsNullOrWhiteSpace(line));
        if (header < 0)
        {
            findings.Add(FindingCatalog.TableUnreadable.At(path, $"{name} is empty."));
            return null;
        }

        var columns = Array.ConvertAll(lines[header].Split('\t'), cell => cell.Trim());
        ReportColumns(columns, path, header + 1, findings);
        var rows = new List<TsvRow>();
        for (var i = header + 1; i < lines.Length; i++)
        {
            if (!string.IsNullOrWhiteSpace(lines[i]))
                rows.Add(ParseRow(lines[i], i + 1, columns.Length, path, findings));
        }

        return new TsvTable(columns, rows);
    }

    /// <summary>Index of a column, or −1.</summary>
    public int IndexOf(string column) => Columns.ToList().FindIndex(c => string.Equals(c, column, StringComparison.Ordinal));

    /// <summary>The cells of a row by column name, one column left out; of columns with equal names the first counts.</summary>
    public Dictionary<string, string?> ToDictionary(TsvRow row, int except)
    {
        var cells = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (var i = 0; i < Columns.Count; i++)
        {
            if (i != except && Columns[i].Length > 0)
                cells.TryAdd(Columns[i], row.Cells[i]);
        }

        return cells;
    }

    private static TsvRow ParseRow(string line, int number, int columns, string path, List<BidsFinding> findings)
    {
        var cells = line.Split('\t');
        if (cells.Length != columns)
        {
            findings.Add(FindingCatalog.TableRow.At(
                path,
                $"{Path.GetFileName(path)} line {number} has {cells.Length} cells where the header has {columns}; "
                + (cells.Length < columns ? "the missing ones are n/a." : "the ones beyond are not used.")));
        }

        var values = new string?[columns];
        for (var i = 0; i < Math.Min(columns, cells.Length); i++)
        {
            var value = cells[i].Trim();
            values[i] = value.Length == 0 || value.Equals("n/a", StringComparison.OrdinalIgnoreCase) ? null : value;
        }

        return new TsvRow(number, values);
    }

    private static void ReportColumns(string[] columns, string path, int line, List<BidsFinding> findings)
    {
        var name = Path.GetFileName(path);
        foreach (var twice in columns.Where(c => c.Length > 0).GroupBy(c => c, StringComparer.Ordinal).Where(g => g.Count() > 1))
            findings.Add(FindingCatalog.TableColumn.At(path, $"{name} line {line} names the column '{twice.Key}' {twice.Count()} times; the first is used."));
        if (columns.Any(c => c.Length == 0))
            findings.Add(FindingCatalog.TableColumn.At(path, $"{name} line {line} has a column without a name; it is not used."));
    }

    /// <summary>UTF-8 unless a byte-order mark says UTF-16; bytes that are not valid become replacement characters.</summary>
    private static string Decode(byte[] bytes) => bytes switch
    {
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(bytes.AsSpan(2)),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(bytes.AsSpan(2)),
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8.GetString(bytes.AsSpan(3)),
        _ => Encoding.UTF8.GetString(bytes),
    };
}
