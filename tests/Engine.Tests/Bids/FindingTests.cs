using System.Text.RegularExpressions;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Bids;

/// <summary>Each kind of finding is produced by the smallest change of a clean dataset, and is documented.</summary>
public class FindingTests
{
    private static readonly Dictionary<string, (Action<BidsFolder> Change, Func<BidsFolder, BidsDataset>? Scan)> Cases = new()
    {
        ["DescriptionMissing"] = (f => f.Delete("dataset_description.json"), null),
        ["JsonUnreadable"] = (f => f.Text("sub-01/anat/sub-01_T1w.json", "{\"EchoTime\": "), null),
        ["TableUnreadable"] = (f => f.Text("participants.tsv", ""), null),
        ["TableRow"] = (f => f.Text("participants.tsv", "participant_id\tage\nsub-01\n"), null),
        ["TableColumn"] = (f => f.Text("participants.tsv", "participant,age\nsub-01,30\n"), null),
        ["ParticipantsMissing"] = (f => f.Delete("participants.tsv"), null),
        ["ParticipantId"] = (f => f.Text("participants.tsv", "participant_id\n01\n"), null),
        ["DuplicateParticipant"] = (f => f.Text("participants.tsv", "participant_id\tage\nsub-01\t30\nsub-01\t31\n"), null),
        ["DuplicateRow"] = (f => f.Text("samples.tsv", "sample_id\nsample-a\nsample-a\n"), null),
        ["RowWithoutFile"] = (f => f.Text("sub-01/sub-01_scans.tsv", "filename\nanat/sub-01_t1w.nii.gz\n"), null),
        ["ParticipantWithoutImages"] = (f => f.Text("participants.tsv", "participant_id\nsub-01\nsub-02\n"), null),
        ["SubjectNotInParticipants"] = (f => f.Image("sub-02/anat/sub-02_T1w.nii.gz"), null),
        ["SubjectWithoutImages"] = (f => f.Text("sub-02/anat/notes.txt", "x"), null),
        ["UnparsableName"] = (f => f.Image("sub-01/anat/sub-01_T1w copy.nii.gz"), null),
        ["MisplacedImage"] = (f => f.Image("sub-01/sub-01_T2w.nii.gz"), null),
        ["SubjectMismatch"] = (f => f.Image("sub-01/anat/sub-07_T2w.nii.gz"), null),
        ["SessionMismatch"] = (f => f.Image("sub-01/ses-b/anat/sub-01_ses-a_T2w.nii.gz"), null),
        ["EmptyFile"] = (f => f.Bytes("sub-01/anat/sub-01_T2w.nii.gz", []), null),
        ["ImageUnreadable"] = (f => f.Text("sub-01/anat/sub-01_T2w.nii.gz", "<html>Not found</html>"), null),
        ["PixelSizeMissing"] = (f => f.Image("sub-01/micr/sub-01_SEM.png"), null),
        ["LabelGridMismatch"] = (f => f.Image("derivatives/labels/sub-01/anat/sub-01_T1w_seg-other.nii.gz", 3), null),
        ["TwinImage"] = (f => f.Image("sub-01/anat/sub-01_T1w.nii"), null),
        ["DuplicateLabel"] = (f => f.Image("derivatives/other/sub-01/anat/sub-01_T1w_seg-manual.nii.gz"), null),
        ["MisfiledLabel"] = (f => f.Image("derivatives/labels/sub-02/anat/sub-01_T1w_seg-manual.nii.gz"), null),
        ["OrphanLabel"] = (f => f.Image("derivatives/labels/sub-01/anat/sub-01_T2w_seg-manual.nii.gz"), null),
        ["MissingLabel"] = (f => f.Image("sub-01/anat/sub-01_T2w.nii.gz"), f => f.Scan(targets: ["_seg-manual"])),
        ["SidecarsDisagree"] = (
            f => f.Image("sub-01/anat/sub-01_acq-a_run-1_T2w.nii.gz").Text("sub-01/anat/sub-01_acq-a_T2w.json", """{"A": 1, "B": [1]}""")
                .Text("sub-01/anat/sub-01_run-1_T2w.json", """{"A": 2, "B": [1]}"""),
            null),
        ["MissingRoi"] = (
            f => f.Image("sub-01/anat/sub-01_T2w.nii.gz").Image("derivatives/labels/sub-01/anat/sub-01_T2w_roi.nii.gz"),
            f => f.Scan(targets: ["_seg-manual"], roi: "_roi")),
        ["PredictionsIgnored"] = (
            f => f.Text("derivatives/medseg/dataset_description.json", """{"GeneratedBy": [{"Name": "MedSeg"}]}""")
                .Image("derivatives/medseg/sub-01/anat/sub-01_T1w_seg-auto.nii.gz"),
            null),
        ["ContrastNotFound"] = (_ => { }, f => f.Scan(contrasts: ["T1w", "T1"])),
        ["TargetNotFound"] = (_ => { }, f => f.Scan(targets: ["_seg-manual", "_lesion"])),
        ["NestedDataset"] = (f => f.Text("second/dataset_description.json", "{}"), null),
        ["NoImages"] = (_ => { }, f => f.Scan(extensions: [".png"])),
    };

    public static TheoryData<string> CaseIds => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseIds))]
    public void One_change_gives_one_finding(string id)
    {
        using var folder = BidsFolder.Clean();
        var (change, scan) = Cases[id];
        change(folder);
        var dataset = (scan ?? (f => f.Scan()))(folder);
        var finding = Assert.Single(dataset.Findings, f => f.Id == id);
        Assert.Equal(FindingCatalog.All.Single(k => k.Id == id).Severity, finding.Severity);
        Assert.StartsWith(folder.Root, finding.Path, StringComparison.Ordinal);
        Assert.EndsWith(".", finding.Message, StringComparison.Ordinal);
        Assert.Equal(id is "NoImages" ? 0 : 1, dataset.Images.Count(i => i.RelativePath == "sub-01/anat/sub-01_T1w.nii" + (id is "TwinImage" ? "" : ".gz")));
        Assert.DoesNotContain(dataset.Images, i => i.Path == finding.Path && finding.Severity == FindingSeverity.Error);
    }

    /// <summary>Two and a half pixels beside its image, though less than half a slice.</summary>
    [Fact]
    public void A_misplaced_label_is_one_finding_and_left_out()
    {
        using var folder = BidsFolder.Clean();
        var grid = VolumeGeometry.Axial(8, 8, 3, 4, 4, 24);
        var moved = grid with { Affine = [4, 0, 0, 10, 0, 4, 0, 0, 0, 0, 24, 0, 0, 0, 0, 1] };
        NiftiFile.Write(folder.PathOf("sub-01/anat/sub-01_T1w.nii.gz"), new Volume(new float[192], grid), NiftiDataType.UInt8);
        NiftiFile.Write(
            folder.PathOf("derivatives/labels/sub-01/anat/sub-01_T1w_seg-manual.nii.gz"), new Volume(new float[192], moved), NiftiDataType.UInt8);
        var dataset = folder.Scan();
        var finding = Assert.Single(dataset.Findings, f => f.Id == "LabelGridMismatch");
        Assert.Contains("2.5, 0, 0 voxels", finding.Message, StringComparison.Ordinal);
        Assert.Empty(Assert.Single(dataset.Images).Labels);
    }

    [Fact]
    public void A_file_that_fails_in_an_unforeseen_way_is_one_finding()
    {
        using var folder = BidsFolder.Clean();
        var image = Assert.Single(folder.Scan().Images);
        var findings = new List<BidsFinding>();
        Assert.Empty(HeaderCheck.Run([image with { Path = "sub-01\0.nii.gz" }], findings, CancellationToken.None));
        Assert.Equal("ImageUnreadable", Assert.Single(findings).Id);
    }

    [Fact]
    public void Every_kind_has_a_case_or_a_test_of_its_own() =>
        Assert.Equal(
            FindingCatalog.OfImport.Select(k => k.Id),
            Cases.Keys.Concat(["SubjectInSeveralRoots", "LinkNotFollowed", "BrokenLink", "FolderUnreadable", "HeaderRemark"]).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_kind_is_documented_with_its_severity_and_an_example()
    {
        var sections = Regex.Split(Document.Read("findings.md"), "^## ", RegexOptions.Multiline).Skip(1)
            .ToDictionary(s => s[..s.IndexOf('\n', StringComparison.Ordinal)].Trim(), StringComparer.Ordinal);
        Assert.Equal(FindingCatalog.All.Select(k => k.Id), sections.Keys.Order(StringComparer.Ordinal));
        foreach (var kind in FindingCatalog.All)
        {
            Assert.Contains($"*{kind.Severity}.*", sections[kind.Id], StringComparison.Ordinal);
            Assert.Contains("Example: ", sections[kind.Id], StringComparison.Ordinal);
            Assert.Contains(kind.Recommendation, sections[kind.Id].ReplaceLineEndings(" "), StringComparison.Ordinal);
        }
    }
}
