using System.Text;
using MedSeg.Engine.Bids;
using Xunit;

namespace MedSeg.Engine.Tests.Bids;

public class TsvTableTests
{
    private readonly List<BidsFinding> _findings = [];

    [Theory]
    [InlineData("a\tb\n1\t2\n")]
    [InlineData("a\tb\r\n1\t2\r\n")]
    [InlineData("a\tb\r1\t2")]
    [InlineData("\na\tb\n\n 1 \t2\n\n")]
    public void Reads_any_line_end(string text)
    {
        var table = TsvTable.Parse(text, "t.tsv", _findings)!;
        Assert.Equal(["a", "b"], table.Columns);
        Assert.Equal(["1", "2"], Assert.Single(table.Rows).Cells);
        Assert.Empty(_findings);
    }

    [Fact]
    public void Quotes_have_no_meaning() =>
        Assert.Equal(["\"x", "y\""], Assert.Single(TsvTable.Parse("a\tb\n\"x\ty\"\n", "t.tsv", _findings)!.Rows).Cells);

    [Fact]
    public void Unknown_values_are_null() =>
        Assert.Equal(new string?[] { null, null, null, "-" }, Assert.Single(TsvTable.Parse("a\tb\tc\td\nn/a\t\tN/A\t-\n", "t.tsv", _findings)!.Rows).Cells);

    [Fact]
    public void A_ragged_row_is_kept_and_reported_with_its_line()
    {
        var table = TsvTable.Parse("a\tb\n1\n1\t2\t3\n4\t5\n", "t.tsv", _findings)!;
        Assert.Equal(new string?[] { "1", null }, table.Rows[0].Cells);
        Assert.Equal(["1", "2"], table.Rows[1].Cells);
        Assert.Equal(["TableRow", "TableRow"], _findings.Select(f => f.Id));
        Assert.Contains("line 2", _findings[0].Message, StringComparison.Ordinal);
        Assert.Contains("line 3", _findings[1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n")]
    [InlineData("a\tb\0\n")]
    public void What_is_no_table_is_reported(string text)
    {
        Assert.Null(TsvTable.Parse(text, "t.tsv", _findings));
        Assert.Equal("TableUnreadable", Assert.Single(_findings).Id);
    }

    [Fact]
    public void A_column_named_twice_counts_once()
    {
        var table = TsvTable.Parse("id\ta\ta\t\nx\t1\t2\t3\n", "t.tsv", _findings)!;
        Assert.Equal(new Dictionary<string, string?> { ["a"] = "1" }, table.ToDictionary(table.Rows[0], 0));
        Assert.Equal(["TableColumn", "TableColumn"], _findings.Select(f => f.Id));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Byte_order_marks_are_understood(string encodingName)
    {
        using var folder = new BidsFolder();
        var encoding = Encoding.GetEncoding(encodingName);
        folder.Bytes("t.tsv", [.. encoding.GetPreamble(), .. encoding.GetBytes("participant_id\tname\nsub-01\tÉlise\n")]);
        var table = TsvTable.Read(folder.PathOf("t.tsv"), _findings)!;
        Assert.Equal("participant_id", table.Columns[0]);
        Assert.Equal("Élise", table.Rows[0].Cells[1]);
    }
}
