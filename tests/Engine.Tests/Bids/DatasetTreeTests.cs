using System.Globalization;
using System.Security.Cryptography;
using MedSeg.Engine.Imaging;
using Xunit;

namespace MedSeg.Engine.Tests.Bids;

/// <summary>Datasets of every layout: what is found, and that nothing is written.</summary>
public class DatasetTreeTests
{
    /// <summary>Files of a dataset, and what each image ought to be: path, subject, entities, contrast, data type, label suffixes.</summary>
    private static readonly Dictionary<string, (string[] Files, string[] Expected)> Cases = new()
    {
        ["sessions and runs"] = (
            [
                "sub-01/ses-a/anat/sub-01_ses-a_run-1_T2w.nii.gz", "sub-01/ses-a/anat/sub-01_ses-a_run-2_T2w.nii.gz", "sub-01/ses-b/anat/sub-01_ses-b_T2w.nii.gz",
                "derivatives/labels/sub-01/ses-a/anat/sub-01_ses-a_run-2_T2w_seg.nii.gz", "derivatives/labels/sub-01/ses-b/anat/sub-01_ses-b_T2w_seg.nii.gz",
            ],
            ["sub-01 ses=a run=1 T2w anat", "sub-01 ses=a run=2 T2w anat _seg", "sub-01 ses=b T2w anat _seg"]),
        ["acquisitions"] = (
            [
                "sub-01/anat/sub-01_acq-MTon_MTS.nii.gz", "sub-01/anat/sub-01_acq-MToff_MTS.nii.gz", "sub-01/anat/sub-01_MTS.nii.gz",
                "derivatives/labels/sub-01/anat/sub-01_acq-MTon_MTS_seg.nii.gz", "derivatives/labels/sub-01/anat/sub-01_MTS_seg.nii.gz",
            ],
            ["sub-01 MTS anat _seg", "sub-01 acq=MToff acq-MToff_MTS anat", "sub-01 acq=MTon acq-MTon_MTS anat _seg"]),
        ["CT"] = (
            ["sub-9/ct/sub-9_ct.nii.gz", "sub-9/anat/sub-9_CT.nii", "derivatives/labels/sub-9/ct/sub-9_ct_seg-manual.nii.gz"],
            ["sub-9 CT anat", "sub-9 ct ct _seg-manual"]),
        ["microscopy"] = (
            [
                "SEM.json", "sub-rat1/micr/sub-rat1_sample-a_chunk-1_SEM.png", "sub-rat1/micr/sub-rat1_sample-a_chunk-2_SEM.png",
                "derivatives/labels/sub-rat1/micr/sub-rat1_sample-a_chunk-2_SEM_seg-axon-manual.png",
                "derivatives/labels/sub-rat1/micr/sub-rat1_sample-a_chunk-2_SEM_seg-myelin-manual.png",
            ],
            ["sub-rat1 sample=a chunk=1 SEM micr", "sub-rat1 sample=a chunk=2 SEM micr _seg-axon-manual _seg-myelin-manual"]),
        ["labels outside derivatives/labels"] = (
            ["sub-01/anat/sub-01_T1w.nii.gz", "derivatives/manual/sub-01/anat/sub-01_T1w_seg.nii.gz", "derivatives/sub-01/anat/sub-01_T1w_lesion.nii.gz"],
            ["sub-01 T1w anat _lesion _seg"]),
        ["several raters and suffixes that begin alike"] = (
            [
                "sub-01/anat/sub-01_T1w.nii.gz", "derivatives/labels/sub-01/anat/sub-01_T1w_seg.nii.gz",
                "derivatives/labels/sub-01/anat/sub-01_T1w_seg_rater-1.nii.gz", "derivatives/labels/sub-01/anat/sub-01_T1w_seg_rater-2.nii.gz",
            ],
            ["sub-01 T1w anat _seg _seg_rater-1 _seg_rater-2"]),
        ["one name in two sessions without the entity"] = (
            [
                "sub-01/ses-1/anat/sub-01_T1w.nii.gz", "sub-01/ses-2/anat/sub-01_T1w.nii.gz",
                "derivatives/labels/sub-01/ses-1/anat/sub-01_T1w_a.nii.gz", "derivatives/labels/sub-01/ses-2/anat/sub-01_T1w_b.nii.gz",
            ],
            ["sub-01 ses=1 T1w anat _a", "sub-01 ses=2 T1w anat _b"]),
        ["case traps"] = (
            [
                "sub-01/anat/sub-01_T1w.NII.GZ", "sub-04/anat/sub-04_T1W.nii.gz", "SUB-02/anat/SUB-02_T1w.nii.gz", "sub-03/anat/SUB-03_T1w.nii.gz",
                "derivatives/labels/sub-01/anat/sub-01_T1w_Seg.nii.gz", "derivatives/labels/sub-04/anat/sub-04_T1w_seg.nii.gz",
            ],
            ["sub-01 T1w anat _Seg", "sub-04 T1W anat"]),
        ["names that are no data"] = (
            ["sub-01/anat/sub-01_T1w.nii.gz", "sub-01/anat/.sub-01_T1w.nii.gz", "sub-01/anat/._sub-01_T2w.nii.gz", "sub-01/anat/Thumbs.db", "README", "CHANGES"],
            ["sub-01 T1w anat"]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layout_is_read(string name)
    {
        var (files, expected) = Cases[name];
        using var folder = Make(files);
        Assert.Equal(expected, folder.Scan().Images.Select(Describe));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_written(string name)
    {
        using var folder = Make(Cases[name].Files);
        var before = Fingerprint(folder.Root);
        var dataset = folder.Scan();
        foreach (var path in dataset.Images.Select(i => (i.Path, i.Metadata)).Concat(dataset.Images.SelectMany(i => i.Labels.Values.Select(l => (l, i.Metadata)))))
            Assert.NotEmpty(ImageFile.Read(path.Item1, path.Item2).Voxels);
        Assert.Equal(before, Fingerprint(folder.Root));
    }

    /// <summary>known-defects D-12: the same name in two roots is two images, each with the labels and tables of its own root.</summary>
    [Fact]
    public void Several_roots_are_one_dataset()
    {
        using var a = Make(["sub-01/anat/sub-01_T1w.nii.gz", "derivatives/labels/sub-01/anat/sub-01_T1w_seg.nii.gz"]);
        using var b = Make(["sub-01/anat/sub-01_T1w.nii.gz", "sub-02/ct/sub-02_ct.nii.gz"]);
        a.Text("participants.tsv", "participant_id\tsite\nsub-01\ta\n");
        b.Text("participants.tsv", "participant_id\tsite\nsub-01\tb\nsub-02\tb\n");
        var dataset = BidsFolder.Scan(new DatasetRequest([b.Root, a.Root], [], [], []));
        Assert.Equal(3, dataset.Images.DistinctBy(i => (i.Root, i.RelativePath)).Count());
        var first = dataset.Images.Where(i => i.Subject == "sub-01").ToDictionary(i => i.Root);
        Assert.Equal(("a", "b"), (first[a.Root].Columns["site"], first[b.Root].Columns["site"]));
        Assert.Equal((1, 0), (first[a.Root].Labels.Count, first[b.Root].Labels.Count));
        var other = BidsFolder.Scan(new DatasetRequest([a.Root, b.Root], [], [], []));
        Assert.Equal(dataset.Images.Select(i => i.Path).Order(), other.Images.Select(i => i.Path).Order());
    }

    [Theory]
    [InlineData("Zürich Universität – データ")]
    [InlineData("naïve 'quoted' & (odd) [name]")]
    public void A_dataset_may_lie_in_a_folder_of_any_name(string name)
    {
        using var folder = new BidsFolder(name);
        folder.Image("sub-01/anat/sub-01_T1w.nii.gz").Image("derivatives/labels/sub-01/anat/sub-01_T1w_seg.nii.gz")
            .Text("participants.tsv", "participant_id\tcentre\nsub-01\tZürich Ñ 東京\n").Text("T1w.json", """{"Opérateur": "Łukasz"}""");
        var image = Assert.Single(folder.Scan().Images);
        Assert.Equal(("Zürich Ñ 東京", "Łukasz"), (image.Columns["centre"], image.Metadata["Opérateur"]));
        Assert.True(File.Exists(image.Labels["_seg"]));
    }

    /// <summary>Letters beyond ASCII are not allowed in BIDS names; such a file is named in a finding and does no harm.</summary>
    [Theory]
    [InlineData("sub-é/anat/sub-é_T1w.nii.gz")]
    [InlineData("sub-01/anat/sub-01_acq-größe_T1w.nii.gz")]
    [InlineData("sub-٣/anat/sub-٣_T1w.nii.gz")]
    public void A_name_beyond_ASCII_is_a_finding(string path)
    {
        using var folder = Make([path]);
        var dataset = folder.Scan();
        Assert.Empty(dataset.Images);
        Assert.Contains(dataset.Findings, f => f.Id == "UnparsableName" && f.Message.Contains(path, StringComparison.Ordinal));
    }

    [Fact]
    public void Long_paths_are_read()
    {
        var label = string.Concat(Enumerable.Repeat("Long", 12));
        var name = $"sub-{label}_ses-{label}_acq-{label}_T1w";
        using var folder = Make(
            [$"sub-{label}/ses-{label}/anat/{name}.nii.gz", $"derivatives/labels/sub-{label}/ses-{label}/anat/{name}_seg.nii.gz"]);
        var image = Assert.Single(folder.Scan().Images);
        Assert.True(image.Path.Length > 260);
        Assert.NotEmpty(ImageFile.Read(image.Labels["_seg"]).Voxels);
    }

    [Fact]
    public void A_read_only_tree_is_read()
    {
        using var folder = Make(Cases["sessions and runs"].Files);
        var files = Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories);
        foreach (var file in files)
            File.SetAttributes(file, FileAttributes.ReadOnly);
        try
        {
            var dataset = folder.Scan();
            Assert.Equal(3, dataset.Images.Count);
            Assert.All(dataset.Images, i => Assert.NotEmpty(ImageFile.Read(i.Path).Voxels));
        }
        finally
        {
            foreach (var file in files)
                File.SetAttributes(file, FileAttributes.Normal);
        }
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    public void The_culture_does_not_matter(string culture)
    {
        using var folder = Make(["sub-I1/anat/sub-I1_acq-IiI_T1w.NII.GZ", "SEM.json", "sub-i1/micr/sub-i1_sample-i_SEM.PNG"]);
        folder.Text("participants.tsv", "PARTICIPANT_ID\tparticipant_id\tweight\nx\tsub-I1\t1.5\nx\tsub-i1\t1,5\n").Text("T1w.json", """{"EchoTime": 0.5}""");
        var (expected, findings) = Summary();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal((expected, findings), Summary());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        (string, string) Summary()
        {
            var dataset = folder.Scan(extensions: [".NII.GZ", "PNG"]);
            var text = dataset.Images.Select(i => $"{Describe(i)} {string.Join(",", i.Columns.Select(c => c.Key + c.Value))} "
                + string.Create(CultureInfo.InvariantCulture, $"{i.Metadata.GetValueOrDefault("EchoTime")}"));
            return (string.Join('\n', text), string.Join('\n', dataset.Findings));
        }
    }

    [Theory]
    [InlineData("[0.5, 0.25]", "um", 0.00025, 0.0005, 0.0005)]
    [InlineData("[100, 200, 50]", "nm", 0.0002, 0.0001, 0.00005)]
    [InlineData("[0.1, 0.2, 0]", "mm", 0.2, 0.1, 0.1)]
    public void Pixel_sizes_of_shared_sidecars_reach_the_volume(string size, string units, double rows, double columns, double depth)
    {
        using var folder = new BidsFolder();
        folder.Text("sub-1/micr/sub-1_SEM.json", $$"""{"PixelSize": {{size}}, "PixelSizeUnits": "{{units}}"}""").Image("sub-1/micr/sub-1_sample-a_SEM.png");
        var image = Assert.Single(folder.Scan().Images);
        var spacing = ImageFile.Read(image.Path, image.Metadata).Geometry.Spacing;
        double[] expected = [rows, columns, depth];
        Assert.All(expected.Zip([spacing.X, spacing.Y, spacing.Z]), p => Assert.Equal(p.First, p.Second, p.First * 1e-6));
    }

    [Theory]
    [InlineData("""{"PixelSizeUnits": "um"}""", "PixelSize: is not in the image's metadata")]
    [InlineData("""{"PixelSize": [1, 1]}""", "PixelSizeUnits: is not in the image's metadata")]
    [InlineData("""{"PixelSize": [1, 1], "PixelSizeUnits": "px"}""", "'px' is not mm, um or nm")]
    [InlineData("""{"PixelSize": 0.1, "PixelSizeUnits": "um"}""", "'0.1' is one number")]
    [InlineData("""{"PixelSize": [1], "PixelSizeUnits": "um"}""", "has 1 numbers")]
    [InlineData("""{"PixelSize": [1, -1], "PixelSizeUnits": "um"}""", "must be positive")]
    [InlineData("""{"PixelSize": ["1", "1"], "PixelSizeUnits": "um"}""", "numbers only")]
    public void A_picture_without_a_sound_pixel_size_is_one_finding_that_names_it(string sidecar, string expected)
    {
        using var folder = new BidsFolder();
        var dataset = folder.Text("sub-1/micr/sub-1_SEM.json", sidecar).Image("sub-1/micr/sub-1_SEM.png").Scan();
        Assert.Empty(dataset.Images);
        var finding = Assert.Single(dataset.Findings, f => f.Id == "PixelSizeMissing");
        Assert.EndsWith("sub-1_SEM.png", finding.Path, StringComparison.Ordinal);
        Assert.StartsWith($"'{finding.Path}': PixelSize", finding.Message, StringComparison.Ordinal);
        Assert.Contains(expected, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OME_TIFF_is_one_finding_and_a_readable_twin_is_used()
    {
        using var folder = new BidsFolder();
        folder.PixelSize().Bytes("sub-1/micr/sub-1_sample-a_SEM.ome.tif", [73, 73, 42, 0]).Bytes("sub-1/micr/sub-1_sample-b_SEM.ome.tif", [73, 73, 42, 0])
            .Image("sub-1/micr/sub-1_sample-b_SEM.png");
        var dataset = folder.Scan();
        Assert.Equal("sub-1/micr/sub-1_sample-b_SEM.png", Assert.Single(dataset.Images).RelativePath);
        Assert.Contains("OmeTiffUnsupported", Assert.Single(dataset.Findings, f => f.Id == "ImageUnreadable").Message, StringComparison.Ordinal);
    }

    private static BidsFolder Make(string[] files)
    {
        var folder = new BidsFolder();
        foreach (var file in files)
        {
            if (file is "SEM.json")
                folder.PixelSize();
            else if (ImageFile.ExtensionOf(file).Length > 0)
                folder.Image(file);
            else
                folder.Text(file, "text");
        }

        return folder;
    }

    private static string Describe(BidsImage image) => string.Join(
        ' ', [image.Subject, .. image.Entities.Select(e => $"{e.Key}={e.Value}"), image.Contrast, image.DataType, .. image.Labels.Keys]);

    /// <summary>Names, sizes, times and contents of all files.</summary>
    private static string Fingerprint(string root)
    {
        var files = Directory.GetFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f =>
            $"{f} {File.GetLastWriteTimeUtc(f):O} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}");
        return string.Join('\n', files.Concat(Directory.GetDirectories(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)));
    }
}
