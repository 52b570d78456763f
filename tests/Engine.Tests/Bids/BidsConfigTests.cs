using MedSeg.Engine.Bids;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Tests.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Bids;

/// <summary>Patterns from a file for names and places beyond the standard.</summary>
public sealed class BidsConfigTests : IDisposable
{
    /// <summary>The form of the reference toolbox's file, with an entity that the standard does not have.</summary>
    private const string Patterns = """
        {
          "name": "test",
          "entities": [
            {"name": "subject", "pattern": "[/\\\\]+(?:sub-|patient)([a-zA-Z0-9]+)"},
            {"name": "session", "pattern": "[_/\\\\]+(?:ses-|visit)([a-zA-Z0-9]+)"},
            {"name": "acquisition", "pattern": "[_/\\\\]+acq-([a-zA-Z0-9]+)"},
            {"name": "plane", "pattern": "[_/\\\\]plane=([a-z]+)"},
            {"name": "suffix", "pattern": "(?:^|[_/\\\\])([a-zA-Z0-9]+)\\.[^/\\\\]+$"},
            {"name": "scans", "pattern": "(.*\\_scans.tsv)$"},
            {"name": "datatype", "pattern": "[/\\\\]+(anat|micr|ct|mr)[/\\\\]+"},
            {"name": "extension", "pattern": "[^./\\\\](\\.[^/\\\\]+)$"}
          ],
          "default_path_patterns": ["sub-{subject}/{datatype}/sub-{subject}_{suffix}{extension}"]
        }
        """;

    private readonly BidsFolder _folder = new BidsFolder().Text("dataset_description.json", "{}").Text("participants.tsv", "participant_id\nsub-7\n");
    private readonly TemporaryFolder _other = new();
    private readonly RecordingObserver _observer = new();

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Names_and_places_beyond_the_standard_are_read()
    {
        _folder.Image("scans/patient7/visit2/mr/scan plane=sagittal_acq-hr_T2w.nii.gz")
            .Image("derivatives/labels/scans/patient7/visit2/mr/scan plane=sagittal_acq-hr_T2w_seg-manual.nii.gz")
            .Text("scans/patient7/visit2/mr/scan plane=sagittal_acq-hr_T2w.json", """{"EchoTime": 0.1}""");
        Assert.Empty(_folder.Scan().Images);
        var dataset = Scan();
        Assert.Empty(dataset.Findings);
        var image = Assert.Single(dataset.Images);
        Assert.Equal(("sub-7", "2", "T2w", "acq-hr_T2w", "mr"), (image.Subject, image.Session, image.Suffix, image.Contrast, image.DataType));
        Assert.Equal(["acq", "ses"], image.Entities.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["_seg-manual"], image.Labels.Keys);
        Assert.Equal(0.1, image.Metadata["EchoTime"]);
    }

    /// <summary>A name of the standard two folders deep, where the first folder is no subject's.</summary>
    [Theory]
    [InlineData("patient7/anat/sub-7_T2w.nii.gz")]
    [InlineData("scans/anat/sub-7_T2w.nii.gz")]
    public void A_name_of_the_standard_may_lie_in_any_folder(string path)
    {
        _folder.Image(path);
        Assert.Equal("sub-7", Assert.Single(Scan().Images).Subject);
        var image = Assert.Single(BidsFolder.Scan(new DatasetRequest([_folder.Root], [], [], []) { Validate = false }).Images);
        Assert.Equal(("sub-7", "anat"), (image.Subject, image.DataType));
    }

    [Fact]
    public void An_entity_that_the_standard_does_not_have_is_added()
    {
        _folder.Image("sub-7/anat/plane=axial_sub-7_T2w.nii.gz");
        Assert.Equal("axial", Assert.Single(Scan().Images).Entities["plane"]);
    }

    /// <summary>What docs/data.md shows is what happens.</summary>
    [Fact]
    public void The_documented_example_works()
    {
        var text = Document.Read("data.md");
        var section = text[text.IndexOf("### Names beyond the standard", StringComparison.Ordinal)..];
        var start = section.IndexOf("```json", StringComparison.Ordinal) + "```json".Length;
        _folder.Text("SEM.json", """{"PixelSize": [1, 1], "PixelSizeUnits": "um"}""").Image("scans/patient12/visit-a/micr/x_stain=HE_SEM.png")
            .Image("derivatives/labels/scans/patient12/visit-a/micr/x_stain=HE_SEM_seg.png");
        var image = Assert.Single(Scan(section[start..section.IndexOf("```", start, StringComparison.Ordinal)]).Images);
        Assert.Equal(("sub-12", "a", "HE", "SEM", "micr"), (image.Subject, image.Session, image.Entities["stain"], image.Suffix, image.DataType));
        Assert.Equal(["_seg"], image.Labels.Keys);
    }

    /// <summary>The file may redefine standard entities, but a standard name keeps its meaning.</summary>
    [Fact]
    public void Standard_names_are_read_as_without_patterns()
    {
        _folder.Image("sub-7/ses-1/anat/sub-7_ses-1_acq-a_T1w.nii.gz").Image("sub-7/ct/sub-7_ct.nii.gz").PixelSize().Image("sub-7/micr/sub-7_sample-1_SEM.png");
        var (without, with) = (_folder.Scan(), Scan());
        Assert.Equal(3, with.Images.Count);
        Assert.Equal(without.Images.Select(Summary), with.Images.Select(Summary));
        Assert.Equal(without.Findings, with.Findings);

        static string Summary(BidsImage i) => $"{i} {i.Subject} {string.Join(',', i.Entities)} {i.Contrast} {i.DataType}";
    }

    [Theory]
    [InlineData("scan_T1w.nii.gz", "MisplacedImage", "no subject")]
    [InlineData("images/scan_T1w.nii.gz", "UnparsableName", "no subject")]
    [InlineData("sub-7/anat/sub-8_T1w.nii.gz", "SubjectMismatch", "sub-8")]
    public void What_the_patterns_do_not_explain_is_left_out(string path, string id, string text)
    {
        _folder.Image(path);
        var dataset = Scan();
        Assert.Empty(dataset.Images);
        Assert.Contains(text, Assert.Single(dataset.Findings, f => f.Id == id).Message, StringComparison.Ordinal);
    }

    /// <summary>bids_validate: false</summary>
    [Theory]
    [InlineData("sub-7_T1w.nii.gz", true)]
    [InlineData("sub-7/sub-7_T1w.nii.gz", true)]
    [InlineData("sub-7/a/b/sub-7_ses-2_acq-x_T1w.nii.gz", true)]
    [InlineData("group1/sub-7/anat/sub-7_T1w.nii.gz", true)]
    [InlineData("sub-7/anat/scan_T1w.nii.gz", true)]
    [InlineData("sub-7/anat/sub-8_T1w.nii.gz", false)]
    [InlineData("images/scan_T1w.nii.gz", false)]
    [InlineData("sub-7/anat/sub-7_T1w copy.nii.gz", false)]
    public void Without_validation_images_may_lie_anywhere(string path, bool found)
    {
        _folder.Image(path).Image("derivatives/labels/" + path.Replace(".nii", "_seg.nii", StringComparison.Ordinal));
        Assert.Empty(_folder.Scan().Images);
        var image = BidsFolder.Scan(new DatasetRequest([_folder.Root], [], [], []) { Validate = false }).Images.SingleOrDefault();
        Assert.Equal(found, image is not null);
        Assert.Equal(found ? ["_seg"] : [], image?.Labels.Keys ?? []);
    }

    [Fact]
    public void Tables_of_subjects_in_other_places_are_joined()
    {
        _folder.Text("participants.tsv", "participant_id\tage\nsub-7\t30\n").Image("group/sub-7/ses-1/anat/sub-7_ses-1_T1w.nii.gz")
            .Text("group/sub-7/sub-7_sessions.tsv", "session_id\tweight\nses-1\t70\n")
            .Text("group/sub-7/ses-1/sub-7_ses-1_scans.tsv", "filename\tquality\nanat/sub-7_ses-1_T1w.nii.gz\tgood\n");
        var dataset = BidsFolder.Scan(new DatasetRequest([_folder.Root], [], [], []) { Validate = false });
        Assert.Empty(dataset.Findings);
        var columns = Assert.Single(dataset.Images).Columns;
        Assert.Equal(("30", "70", "good"), (columns["age"], columns["weight"], columns["quality"]));
    }

    [Theory]
    [InlineData("code/patient7/x_T1w.nii.gz")]
    [InlineData("sourcedata/patient7/x_T1w.nii.gz")]
    [InlineData(".hidden/patient7/x_T1w.nii.gz")]
    [InlineData("derivatives/old/patient7/x_T1w.nii.gz")]
    public void Folders_that_the_standard_sets_apart_hold_no_images(string path)
    {
        _folder.Image(path);
        Assert.Empty(Scan().Images);
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "an object is expected")]
    [InlineData("""{"name": "x"}""", "no list 'entities'")]
    [InlineData("""{"entities": [3]}""", "entities[0]")]
    [InlineData("""{"entities": [{"pattern": "(a)"}]}""", "entities[0].name")]
    [InlineData("""{"entities": [{"name": "../x", "pattern": "(a)"}]}""", "entities[0].name")]
    [InlineData("""{"entities": [{"name": "a"}]}""", "entities[0].pattern of 'a'")]
    [InlineData("""{"entities": [{"name": "a", "pattern": "(["}]}""", "not a regular expression (character 3)")]
    [InlineData("""{"entities": [{"name": "a", "pattern": "abc"}]}""", "has no group")]
    [InlineData("""{"entities": [{"name": "a", "pattern": "((x{200}){200}){200}"}]}""", "more than 1000 times")]
    [InlineData("""{"entities": [{"name": "run", "pattern": "(a)"}, {"name": "run", "pattern": "(b)"}]}""", "'run' occurs twice")]
    [InlineData("""{"entities": [{"name": "acq", "pattern": "(a)"}, {"name": "acquisition", "pattern": "(b)"}]}""", "'acquisition' occurs twice")]
    public void A_faulty_file_is_one_error_that_names_file_and_key(string text, string expected)
    {
        var error = Assert.Throws<SegException>(() => Scan(text));
        Assert.Equal("BidsConfigInvalid", error.ErrorId);
        Assert.Contains("patterns.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_does_not_exist_is_an_error() => Assert.Equal(
        "BidsConfigNotFound",
        Assert.Throws<SegException>(() => BidsFolder.Scan(new DatasetRequest([_folder.Root], [], [], []) { BidsConfig = _other.File("none.json") })).ErrorId);

    [Fact]
    public void An_unknown_key_is_a_warning_with_the_nearest_one()
    {
        _folder.Image("patient7/x_T1w.nii.gz");
        Scan(Patterns.Replace("\"name\": \"plane\"", "\"name\": \"plane\", \"mandatry\": true", StringComparison.Ordinal));
        Assert.Contains(_observer.Warnings, w => w.Contains("'mandatry'", StringComparison.Ordinal) && w.Contains("'mandatory'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mandatory_entity_must_be_there()
    {
        _folder.Image("patient7/x_T1w.nii.gz").Image("patient7/plane=axial_x_T1w.nii.gz");
        var image = Assert.Single(Scan(Patterns.Replace("\"name\": \"plane\"", "\"name\": \"plane\", \"mandatory\": true", StringComparison.Ordinal)).Images);
        Assert.Equal("axial", image.Entities["plane"]);
    }

    /// <summary>(a+)+$ takes exponential time with backtracking; without it, none to speak of.</summary>
    [Fact]
    public void A_pattern_that_could_explode_runs_in_linear_time()
    {
        var pattern = SafePattern.Compile("/((a+)+)$", out _)!;
        Assert.True(pattern.IsLinear);
        Assert.Null(pattern.FirstGroup("/" + new string('a', 5000) + "!"));
    }

    [Fact]
    public void A_pattern_that_must_backtrack_has_a_time_limit()
    {
        _folder.Image("patient7/" + new string('a', 60) + "_T1w.nii.gz");
        var error = Assert.Throws<SegException>(() => Scan("""{"entities": [{"name": "subject", "pattern": "/patient7/(?=x|a)((a+)+)$"}]}"""));
        Assert.Equal("BidsConfigTooSlow", error.ErrorId);
        Assert.Contains("'subject'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(?P<v>[0-9]+)", "run12", "12")]
    [InlineData("run-0*([0-9]+)", "run-007", "7")]
    [InlineData("(?P<a>r)(un)", "run", "r")]
    [InlineData("(x)?run", "run", null)]
    [InlineData(@"(.*\_scans.tsv)$", "/sub-1_scans.tsv", "/sub-1_scans.tsv")]
    [InlineData(@"/a\\_(b)", "/a\\_b", "b")]
    [InlineData(@"([a-z]+)\Z", "run", "run")]
    [InlineData(@"[._]*([a-zA-Z0-9]*?)\.[^/\\]+$", "/sub-1/anat/sub-1_T1w.nii.gz", "T1w")]
    public void The_first_group_is_the_value(string pattern, string path, string? expected) =>
        Assert.Equal(expected, SafePattern.Compile(pattern, out _)!.FirstGroup(path));

    private BidsDataset Scan(string text = Patterns)
    {
        var path = _other.File("patterns.json");
        File.WriteAllText(path, text);
        return BidsScanner.Scan(new DatasetRequest([_folder.Root], [], [], []) { BidsConfig = path }, _observer, CancellationToken.None);
    }
}
