using MedSeg.Engine.Data;
using Xunit;

namespace MedSeg.Engine.Tests.Bids;

/// <summary>What the tables of a dataset say about each image.</summary>
public class ImageColumnsTests
{
    private const string Scan = "sub-01/ses-1/anat/sub-01_ses-1_sample-a_T1w.nii.gz";

    /// <summary>One column that all four tables have, and one that each has alone.</summary>
    private static BidsFolder Full() => new BidsFolder()
        .Text("dataset_description.json", """{"Name": "Test"}""")
        .Text("participants.tsv", "participant_id\tx\tp\nsub-01\tparticipant\t1\n")
        .Text("samples.tsv", "sample_id\tparticipant_id\tx\ts\nsample-a\tsub-01\tsample\t2\n")
        .Text("sub-01/sub-01_sessions.tsv", "session_id\tx\te\nses-1\tsession\t3\n")
        .Text("sub-01/ses-1/sub-01_ses-1_scans.tsv", "filename\tx\tc\nanat/sub-01_ses-1_sample-a_T1w.nii.gz\tscan\t4\n")
        .Image(Scan);

    [Fact]
    public void Every_table_contributes_and_the_closest_wins()
    {
        using var folder = Full();
        var dataset = folder.Scan();
        Assert.Empty(dataset.Findings);
        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["x"] = "scan", ["p"] = "1", ["s"] = "2", ["e"] = "3", ["c"] = "4",
                ["participants.x"] = "participant", ["samples.x"] = "sample", ["sessions.x"] = "session", ["scans.x"] = "scan",
            },
            Assert.Single(dataset.Images).Columns.ToDictionary());
    }

    [Theory]
    [InlineData("scan", "scan")]
    [InlineData("n/a", "session")]
    public void An_empty_cell_does_not_hide_a_value_farther_away(string cell, string expected)
    {
        using var folder = Full();
        folder.Text("sub-01/ses-1/sub-01_ses-1_scans.tsv", $"filename\tx\nanat/sub-01_ses-1_sample-a_T1w.nii.gz\t{cell}\n");
        var dataset = folder.Scan();
        var image = Assert.Single(dataset.Images);
        Assert.Equal(expected, image.Columns["x"]);
        Assert.Equal(expected, new DatasetColumns(dataset).Value(image, "x"));
    }

    [Theory]
    [InlineData("sub-01/ses-1/sub-01_ses-1_scans.tsv", "anat/sub-01_ses-1_sample-a_T1w.nii.gz", true)]
    [InlineData("sub-01/sub-01_scans.tsv", "ses-1/anat/sub-01_ses-1_sample-a_T1w.nii.gz", true)]
    [InlineData("sub-01/ses-1/anat/scans.tsv", "sub-01_ses-1_sample-a_T1w.nii.gz", true)]
    [InlineData("sub-01/ses-1/sub-01_ses-1_scans.tsv", "anat\\sub-01_ses-1_sample-a_T1w.nii.gz", true)]
    [InlineData("sub-01/ses-1/sub-01_ses-1_scans.tsv", "bids::" + Scan, true)]
    [InlineData("sub-01/sub-01_scans.tsv", "somewhere/else/sub-01_ses-1_sample-a_T1w.nii.gz", true)]
    [InlineData("sub-01/ses-1/sub-01_ses-1_scans.tsv", "../../../../etc/passwd", false)]
    [InlineData("sub-01/ses-1/sub-01_ses-1_scans.tsv", "anat/sub-01_ses-1_sample-a_t1w.nii.gz", false)]
    [InlineData("sub-01/ses-1/sub-01_ses-1_scans.tsv", "anat/sub-01_ses-1_sample-a_T1w.nii", false)]
    [InlineData("sub-01/ses-1/sub-01_ses-1_scans.tsv", "n/a", false)]
    public void A_scans_table_names_files_from_its_own_folder(string table, string name, bool found)
    {
        using var folder = Full();
        folder.Delete("sub-01/ses-1/sub-01_ses-1_scans.tsv").Text(table, $"filename\tc\n{name}\tyes\n");
        var dataset = folder.Scan();
        Assert.Equal(found ? "yes" : null, Assert.Single(dataset.Images).Columns.GetValueOrDefault("c"));
        Assert.Equal(found ? [] : ["RowWithoutFile"], dataset.Findings.Select(f => f.Id));
    }

    /// <summary>The reference joins by base name alone; here a name that two folders have decides nothing.</summary>
    [Fact]
    public void A_base_name_that_two_files_have_is_not_guessed()
    {
        using var folder = BidsFolder.Clean();
        folder.Image("sub-01/extra/sub-01_T1w.nii.gz").Text("sub-01/sub-01_scans.tsv", "filename\tc\nsub-01_T1w.nii.gz\tyes\n");
        var dataset = folder.Scan();
        Assert.All(dataset.Images, i => Assert.DoesNotContain("c", i.Columns.Keys));
        Assert.Single(dataset.Findings, f => f.Id == "RowWithoutFile");
    }

    [Fact]
    public void Of_two_scans_tables_the_deeper_one_counts()
    {
        using var folder = Full();
        folder.Text("sub-01/sub-01_scans.tsv", "filename\tx\nses-1/anat/sub-01_ses-1_sample-a_T1w.nii.gz\touter\n");
        var dataset = folder.Scan();
        Assert.Equal("scan", Assert.Single(dataset.Images).Columns["x"]);
        Assert.Single(dataset.Findings, f => f.Id == "DuplicateRow");
    }

    [Fact]
    public void Sessions_belong_to_their_own_subject()
    {
        using var folder = new BidsFolder();
        folder.Text("dataset_description.json", "{}").Text("participants.tsv", "participant_id\nsub-01\nsub-02\n")
            .Image("sub-01/ses-1/anat/sub-01_ses-1_T1w.nii.gz").Image("sub-02/ses-1/anat/sub-02_ses-1_T1w.nii.gz")
            .Text("sub-01/sub-01_sessions.tsv", "session_id\tage\n1\t30\nses-2\t31\n");
        var dataset = folder.Scan();
        Assert.Equal(["30", null], dataset.Images.Select(i => i.Columns.GetValueOrDefault("age")));
        Assert.Equal(["ParticipantId", "RowWithoutFile"], dataset.Findings.Select(f => f.Id));
    }

    [Theory]
    [InlineData("sub-01/sub-02_sessions.tsv", "session_id\tage\nses-1\t30\n")]
    [InlineData("sub-01/sub-02_scans.tsv", "filename\tage\nanat/sub-01_T1w.nii.gz\t30\n")]
    public void A_table_of_another_subject_is_not_used(string path, string text)
    {
        using var folder = BidsFolder.Clean();
        var dataset = folder.Text("participants.tsv", "participant_id\nsub-01\n").Text(path, text).Scan();
        Assert.Empty(Assert.Single(dataset.Images).Columns);
        Assert.Equal(path, Path.GetRelativePath(folder.Root, Assert.Single(dataset.Findings, f => f.Id == "SubjectMismatch").Path).Replace('\\', '/'));
    }

    /// <summary>known-defects D-12: each root has its own tables; what one leaves open, another may say about the same participant.</summary>
    [Fact]
    public void Tables_count_within_their_root()
    {
        using var a = BidsFolder.Clean();
        using var b = BidsFolder.Clean();
        a.Text("participants.tsv", "participant_id\tage\tsex\nsub-01\t30\tF\n");
        b.Text("participants.tsv", "participant_id\tage\nsub-01\t40\n");
        var dataset = BidsFolder.Scan(new DatasetRequest([a.Root, b.Root], [], [], []));
        var columns = new DatasetColumns(dataset);
        var images = dataset.Images.ToDictionary(i => i.Root);
        Assert.Equal(("30", "40"), (columns.Value(images[a.Root], "age"), columns.Value(images[b.Root], "age")));
        Assert.Equal("F", columns.Value(images[b.Root], "sex"));
    }

    [Theory]
    [InlineData("session", "1")]
    [InlineData("ses", "1")]
    [InlineData("sample", "a")]
    [InlineData("subject", "01")]
    [InlineData("suffix", "T1w")]
    [InlineData("datatype", "anat")]
    [InlineData("contrast", "T1w")]
    [InlineData("extension", ".nii.gz")]
    [InlineData("filename", "sub-01_ses-1_sample-a_T1w.nii.gz")]
    [InlineData("acquisition", null)]
    public void What_the_name_says_are_columns_too(string column, string? expected)
    {
        using var folder = Full();
        var dataset = folder.Scan();
        Assert.Equal(expected, new DatasetColumns(dataset).Value(dataset.Images[0], column));
    }
}
