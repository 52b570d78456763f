using System.Globalization;
using MedSeg.Engine.Data;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public class DatasetTableTests
{
    private static BidsImage Image(string subject = "sub-1", bool labelled = true) => FakeDataset.Image(subject, "T2w", labelled: labelled);

    [Fact]
    public void Each_image_is_followed_by_its_labels()
    {
        var table = DatasetTable.Of(FakeDataset.Of([Image(), Image("sub-2", labelled: false)]));
        Assert.Equal(["sub-1_T2w.nii.gz", "sub-1_T2w_seg-manual.nii.gz", "sub-2_T2w.nii.gz"], Column(table, "filename"));
        Assert.Equal(["sub-1/anat/sub-1_T2w.nii.gz", "sub-1/anat/sub-1_T2w.nii.gz", "sub-2/anat/sub-2_T2w.nii.gz"], Column(table, "image"));
        Assert.Equal([null, "_seg-manual", null], Column(table, "target_suffix"));
        Assert.Equal(["T2w", null, "T2w"], Column(table, "suffix"));
    }

    [Fact]
    public void Images_without_label_and_labels_can_be_left_out()
    {
        var dataset = FakeDataset.Of([Image(), Image("sub-2", labelled: false)]);
        Assert.Equal(2, DatasetTable.Of(dataset, labelledOnly: true).Rows.Count);
        var images = DatasetTable.Of(dataset, labels: false);
        Assert.Equal(2, images.Rows.Count);
        Assert.DoesNotContain("target_suffix", images.Columns);
    }

    [Fact]
    public void Columns_of_equal_names_keep_every_value()
    {
        var image = Image() with
        {
            Columns = new Dictionary<string, string?> { ["age"] = "30", ["suffix"] = "table" },
            Metadata = new Dictionary<string, object?> { ["age"] = 31.0, ["contrast"] = "sidecar" },
        };
        var table = DatasetTable.Of(FakeDataset.Of([image]), labels: false);
        Assert.Equal(("30", 31.0), (Column(table, "age")[0], Column(table, "sidecar.age")[0]));
        Assert.Equal(("table", "T2w"), (Column(table, "suffix")[0], Column(table, "name.suffix")[0]));
        Assert.Equal(("sidecar", "T2w"), (Column(table, "contrast")[0], Column(table, "name.contrast")[0]));
    }

    /// <summary>PowerShell's properties and most spreadsheets know no case.</summary>
    [Fact]
    public void Columns_that_differ_in_case_only_get_numbers()
    {
        var image = Image() with
        {
            Columns = new Dictionary<string, string?> { ["Age"] = "30", ["age"] = "31", ["PATH"] = "x" },
            Metadata = new Dictionary<string, object?> { ["AGE"] = 32.0 },
        };
        var table = DatasetTable.Of(FakeDataset.Of([image]), labels: false);
        Assert.Equal(["30", "31", 32.0, "x"], new[] { "Age", "age_2", "AGE_3", "PATH_2" }.Select(c => Column(table, c)[0]));
        Assert.Equal(table.Columns.Count, table.Columns.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Cells_are_plain_values_whatever_the_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var image = Image() with
            {
                Metadata = new Dictionary<string, object?>
                {
                    ["a"] = 0.5, ["b"] = true, ["c"] = new object?[] { 0.5, "ä", null }, ["d"] = new Dictionary<string, object?> { ["e"] = 1.5 }, ["f"] = null,
                },
            };
            var table = DatasetTable.Of(FakeDataset.Of([image]), labels: false);
            Assert.Equal([0.5, true, """[0.5,"ä",null]""", """{"e":1.5}"""], new[] { "a", "b", "c", "d" }.Select(c => Column(table, c)[0]));
            Assert.DoesNotContain("f", table.Columns);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void A_dataset_without_images_has_the_columns_of_files() =>
        Assert.Equal(["filename", "path", "image"], DatasetTable.Of(FakeDataset.Of([])).Columns);

    private static object?[] Column(BidsTable table, string name)
    {
        var index = table.Columns.ToList().IndexOf(name);
        Assert.True(index >= 0, $"There is no column {name}, only {string.Join(", ", table.Columns)}.");
        return [.. table.Rows.Select(r => r[index])];
    }
}
