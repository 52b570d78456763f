using System.Globalization;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Transforms.Parity;

/// <summary>
/// Holds docs/parity.md, the stated tolerances and the measured differences from the reference toolbox together. Run with
/// MEDSEG_UPDATE_DOCS=1 to write the table anew.
/// </summary>
public class ParityTests
{
    private const string Begin = "<!-- parity -->";
    private const string End = "<!-- end of parity -->";

    private static readonly Lazy<Golden> s_golden = new(() => Golden.Load("transforms"));
    private static readonly ParityRow[] Rows = [.. SpatialParity.Rows, .. IntensityParity.Rows];

    public static TheoryData<string> Names => [.. Rows.Select(r => r.Transform)];

    [SharedTheory]
    [MemberData(nameof(Names))]
    public void Differences_are_within_their_stated_tolerance(string transform)
    {
        var row = Rows.Single(r => r.Transform == transform);
        var (cases, difference) = row.Measure(s_golden.Value);
        Assert.True(cases > 0, "No case was compared.");
        Assert.True(difference <= row.Tolerance, $"{transform}: {Number(difference)} is more than {Number(row.Tolerance)}.");
    }

    [SharedFact]
    public void Measured_differences_are_written_down()
    {
        var golden = s_golden.Value;
        var measured = Rows.Select(r => (Row: r, Found: r.Measure(golden))).ToList();
        if (Environment.GetEnvironmentVariable("MEDSEG_UPDATE_DOCS") == "1")
            Update(measured.Select(m => Line(m.Row, m.Found.Cases, m.Found.Difference)));
        var lines = Table().ToDictionary(l => l.Transform);
        foreach (var (row, found) in measured)
            Assert.Equal(found.Cases, int.Parse(lines[row.Transform].Cases, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_page_has_the_rows_and_tolerances_of_the_tests()
    {
        var lines = Table();
        Assert.Equal(Rows.Select(r => (r.Transform, Number(r.Tolerance), r.Note)), lines.Select(l => (l.Transform, l.Tolerance, l.Note)));
        Assert.All(lines, l => Assert.True(
            double.Parse(l.Difference, CultureInfo.InvariantCulture) <= double.Parse(l.Tolerance, CultureInfo.InvariantCulture), l.Transform));
    }

    [SharedFact]
    public void Every_function_of_the_golden_file_is_compared_or_named_here()
    {
        // CroppableArray is the array behind the crops; get_subdatasets_transforms is compared below.
        string[] elsewhere = ["CroppableArray", "get_subdatasets_transforms"];
        Assert.Equal(
            s_golden.Value.Cases.Select(c => c.Function).Distinct().Order(), Rows.Select(r => r.Function).Concat(elsewhere).Distinct().Order());
    }

    [SharedFact]
    public void Parts_get_the_transforms_that_the_reference_gives_them()
    {
        var golden = s_golden.Value.Of("get_subdatasets_transforms").Single();
        var text = $$"""{"transformation": {{golden.Parameters.GetRawText()}}}""";
        var config = ConfigReader.Parse(text, "golden.json", SegEngine.Catalog, _ => { });
        foreach (var part in golden.Json.GetProperty("out").EnumerateObject())
        {
            var pipeline = TransformPipeline.Create(config, part.Name);
            Assert.Equal(part.Value.EnumerateObject().Select(t => t.Name), pipeline.AtLoad.Concat(pipeline.AtAccess).Select(t => t.Name));
        }
    }

    private static string Number(double value) => value == 0 ? "0" : value.ToString("0.#e-0", CultureInfo.InvariantCulture);

    private static string Line(ParityRow row, int cases, double difference) => string.Create(
        CultureInfo.InvariantCulture, $"| {row.Transform} | {cases} | {Number(difference)} | {Number(row.Tolerance)} | {row.Note} |");

    private static List<(string Transform, string Cases, string Difference, string Tolerance, string Note)> Table() =>
        [.. Section(File.ReadAllText(Page)).Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)).Select(c => (c[1], c[2], c[3], c[4], c[5]))];

    private static string Section(string text)
    {
        var start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return text[start..text.IndexOf(End, StringComparison.Ordinal)];
    }

    private static void Update(IEnumerable<string> lines)
    {
        var text = File.ReadAllText(Page);
        var table = string.Join('\n', lines.Prepend("|---|---|---|---|---|").Prepend("| transform | cases | largest difference | tolerance | note |"));
        File.WriteAllText(Page, text.Replace(Section(text), $"\n{table}\n", StringComparison.Ordinal));
    }

    private static string Page { get; } = Pages.Find("parity.md");
}
