using MedSeg.Engine.Bids;
using Xunit;

namespace MedSeg.Engine.Tests.Bids;

public class BidsScannerTests
{
    [Fact]
    public void A_clean_dataset_has_no_findings()
    {
        using var folder = BidsFolder.Clean();
        var dataset = folder.Scan();
        Assert.Empty(dataset.Findings);
        Assert.Equal("Test", dataset.Name);
        Assert.Equal([folder.Root], dataset.Roots);
        var subject = Assert.Single(dataset.Subjects);
        Assert.Equal("sub-01", subject.Id);
        Assert.Equal("30", subject.Participant!.Columns["age"]);
        var image = Assert.Single(subject.Images);
        Assert.Equal("sub-01/anat/sub-01_T1w.nii.gz", image.RelativePath);
        Assert.Equal("sub-01_T1w", image.Stem);
        Assert.Equal("anat", image.DataType);
        Assert.Equal(".nii.gz", image.Extension);
        Assert.Equal(folder.PathOf("derivatives/labels/sub-01/anat/sub-01_T1w_seg-manual.nii.gz"), image.Labels["_seg-manual"]);
    }

    [Fact]
    public void Entities_come_from_the_name_without_the_subject()
    {
        using var folder = new BidsFolder();
        folder.PixelSize().Image("sub-01/ses-a/micr/sub-01_ses-a_sample-3_acq-x_run-2_SEM.png");
        var image = Assert.Single(folder.Scan().Images);
        Assert.Equal(["ses", "sample", "acq", "run"], image.Entities.Keys);
        Assert.Equal("a", image.Session);
        Assert.Equal("3", image.Sample);
        Assert.Equal("acq-x_SEM", image.Contrast);
        Assert.Equal("SEM", image.Suffix);
        Assert.Equal("micr", image.DataType);
    }

    [Fact]
    public void The_closest_sidecar_wins_key_by_key()
    {
        using var folder = BidsFolder.Clean();
        folder.Text("T1w.json", """{"A": "root", "B": "root", "C": "root"}""")
            .Text("T2w.json", """{"A": "other suffix"}""")
            .Text("sub-01/sub-01_T1w.json", """{"B": "subject", "C": "subject"}""")
            .Text("sub-01/anat/sub-01_T1w.json", """{"C": "image", "N": 2}""")
            .Text("sub-01/anat/sub-01_run-1_T1w.json", """{"A": "other run"}""");
        var metadata = Assert.Single(folder.Scan().Images).Metadata;
        Assert.Equal(
            new Dictionary<string, object?> { ["A"] = "root", ["B"] = "subject", ["C"] = "image", ["N"] = 2.0 },
            metadata.ToDictionary());
    }

    [Fact]
    public void Within_a_folder_the_more_specific_sidecar_wins()
    {
        using var folder = new BidsFolder();
        folder.PixelSize().Image("sub-1/micr/sub-1_sample-9_run-1_SEM.png")
            .Text("sub-1/micr/sub-1_SEM.json", """{"A": 1, "B": 1}""")
            .Text("sub-1/micr/sub-1_sample-9_SEM.json", """{"B": 2}""");
        var metadata = Assert.Single(folder.Scan().Images).Metadata;
        Assert.Equal((1.0, 2.0), (metadata["A"], metadata["B"]));
    }

    /// <summary>known-defects D-27: a shorter suffix must not take a longer suffix's file.</summary>
    [Fact]
    public void Labels_are_matched_by_the_exact_suffix()
    {
        using var folder = BidsFolder.Clean();
        folder.Image("derivatives/labels/sub-01/anat/sub-01_T1w_seg.nii.gz")
            .Image("derivatives/labels/sub-01/anat/sub-01_T1w_seg-axon-manual.nii.gz");
        var labels = Assert.Single(folder.Scan().Images).Labels;
        Assert.Equal(["_seg", "_seg-axon-manual", "_seg-manual"], labels.Keys);
        Assert.EndsWith("sub-01_T1w_seg.nii.gz", labels["_seg"], StringComparison.Ordinal);
        var filtered = folder.Scan(targets: ["_seg"]);
        Assert.Equal(["_seg"], Assert.Single(filtered.Images).Labels.Keys);
    }

    /// <summary>known-defects D-26: an image without a label must not get other images' labels.</summary>
    [Fact]
    public void An_image_without_label_has_none()
    {
        using var folder = BidsFolder.Clean();
        folder.Image("sub-01/anat/sub-01_T2w.nii.gz");
        Assert.Empty(folder.Scan().Images.Single(i => i.Suffix == "T2w").Labels);
    }

    /// <summary>known-defects D-11: only a folder called exactly "derivatives" in the root holds labels.</summary>
    [Fact]
    public void A_dataset_may_lie_below_a_folder_named_like_derivatives()
    {
        using var folder = new BidsFolder("derivatives");
        folder.Image("sub-01/anat/sub-01_T1w.nii.gz").Image("my_derivatives/sub-01/anat/sub-01_T1w_seg.nii.gz");
        Assert.Empty(Assert.Single(folder.Scan().Images).Labels);
    }

    /// <summary>known-defects D-21: T2 must match neither T2w nor T2star.</summary>
    [Fact]
    public void Contrasts_are_matched_exactly()
    {
        using var folder = new BidsFolder();
        folder.Image("sub-01/anat/sub-01_T2w.nii.gz").Image("sub-01/anat/sub-01_T2star.nii.gz")
            .Image("sub-01/anat/sub-01_acq-MTon_MTS.nii.gz").Image("sub-01/anat/sub-01_acq-MToff_MTS.nii.gz");
        Assert.Equal(["acq-MTon_MTS"], folder.Scan(["acq-MTon_MTS"]).Contrasts);
        Assert.Equal(["acq-MToff_MTS", "acq-MTon_MTS"], folder.Scan(["MTS"]).Contrasts);
        Assert.Equal(["T2w"], folder.Scan(["T2w"]).Contrasts);
        Assert.Empty(folder.Scan(["T2"]).Images);
    }

    [Fact]
    public void Extensions_choose_images_but_not_labels()
    {
        using var folder = BidsFolder.Clean();
        folder.Image("sub-01/anat/sub-01_T2w.nii").Image("derivatives/labels/sub-01/anat/sub-01_T2w_seg.nii.gz");
        var dataset = folder.Scan(extensions: ["NII"]);
        var image = Assert.Single(dataset.Images);
        Assert.Equal("T2w", image.Suffix);
        Assert.Equal(["_seg"], image.Labels.Keys);
        Assert.Empty(dataset.Findings);
    }

    /// <summary>known-defects D-12: equal file names in two datasets stay apart.</summary>
    [Fact]
    public void Images_are_kept_apart_by_root_and_relative_path()
    {
        using var a = BidsFolder.Clean();
        using var b = BidsFolder.Clean();
        var dataset = BidsScanner.Scan(
            new DatasetRequest([a.Root, b.Root, a.Root + Path.DirectorySeparatorChar], [], [], []), SilentObserver.Instance, CancellationToken.None);
        Assert.Equal([a.Root, b.Root], dataset.Roots);
        Assert.Equal(2, dataset.Images.Count);
        Assert.Equal(2, dataset.Images.Select(i => i.Path).Distinct().Count());
        Assert.All(dataset.Images, i => Assert.StartsWith(i.Root, i.Labels["_seg-manual"], StringComparison.Ordinal));
        Assert.Equal("Test + Test", dataset.Name);
        Assert.Equal(2, Assert.Single(dataset.Subjects).Images.Count);
        Assert.Equal("SubjectInSeveralRoots", Assert.Single(dataset.Findings).Id);
    }

    /// <summary>known-defects D-10: nothing is written into a dataset.</summary>
    [Fact]
    public void Nothing_is_written()
    {
        using var folder = new BidsFolder();
        folder.Image("sub-01/anat/sub-01_T1w.nii.gz").Image("derivatives/labels/sub-01/anat/sub-01_T1w_seg.nii.gz");
        var before = Snapshot(folder.Root);
        folder.Scan();
        Assert.Equal(before, Snapshot(folder.Root));
    }

    [Fact]
    public void The_original_is_used_where_a_converted_copy_lies_beside_it()
    {
        using var folder = new BidsFolder();
        folder.PixelSize().Image("sub-1/micr/sub-1_SEM.png").Image("sub-1/micr/sub-1_SEM.nii.gz");
        Assert.Equal(".png", Assert.Single(folder.Scan().Images).Extension);
        Assert.Equal(".nii.gz", Assert.Single(folder.Scan(extensions: [".nii.gz"]).Images).Extension);
    }

    [Fact]
    public void Samples_are_read_per_participant()
    {
        using var folder = BidsFolder.Clean();
        folder.Text("samples.tsv", "sample_id\tparticipant_id\nsample-1\tsub-01\nsample-1\tsub-02\nsample-1\tsub-02\n");
        Assert.Equal(["sub-01", "sub-02"], folder.Scan().Samples.Select(s => s.Columns["participant_id"]));
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("dataset_description.json")]
    public void A_missing_root_is_an_error(string name)
    {
        using var folder = BidsFolder.Clean();
        var error = Assert.Throws<SegException>(() => BidsScanner.Scan(
            new DatasetRequest([folder.PathOf(name)], [], [], []), SilentObserver.Instance, CancellationToken.None));
        Assert.Equal("DatasetNotFound", error.ErrorId);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_stops_the_scan()
    {
        using var folder = BidsFolder.Clean();
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => BidsScanner.Scan(
            new DatasetRequest([folder.Root], [], [], []), SilentObserver.Instance, source.Token));
    }

    [Fact]
    public void Ten_thousand_files_are_indexed_in_ordinal_order()
    {
        using var folder = new BidsFolder();
        var participants = new System.Text.StringBuilder("participant_id\n");
        for (var i = 999; i >= 0; i--)
        {
            var subject = FormattableString.Invariant($"sub-{i}");
            participants.Append(subject).Append('\n');
            foreach (var contrast in new[] { "T1w", "T2w" })
            {
                folder.Image($"{subject}/anat/{subject}_{contrast}.nii").Text($"{subject}/anat/{subject}_{contrast}.json", """{"EchoTime": 0.1}""");
                foreach (var target in new[] { "_seg-cord", "_seg-csf", "_seg-lesion" })
                    folder.Image($"derivatives/labels/{subject}/anat/{subject}_{contrast}{target}.nii");
            }
        }

        folder.Text("participants.tsv", participants.ToString()).Text("dataset_description.json", "{}");
        var dataset = folder.Scan();
        Assert.Empty(dataset.Findings);
        Assert.Equal((1000, 2000, 6000), (dataset.Subjects.Count, dataset.Images.Count, dataset.Images.Sum(i => i.Labels.Count)));
        Assert.All(dataset.Images, i => Assert.Equal(0.1, i.Metadata["EchoTime"]));
        Assert.Equal(dataset.Images.Select(i => i.RelativePath).Order(StringComparer.Ordinal), dataset.Images.Select(i => i.RelativePath));
        Assert.Equal(dataset.Subjects.Select(s => s.Id).Order(StringComparer.Ordinal), dataset.Subjects.Select(s => s.Id));
    }

    private static List<string> Snapshot(string root) =>
        [.. Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Select(p => $"{p} {File.GetLastWriteTimeUtc(p):O}").Order(StringComparer.Ordinal)];
}
