using MedSeg.Engine.Data;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public class SplitFileTests
{
    [Fact]
    public void A_saved_split_comes_back_and_is_used_instead_of_a_draw()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("split.json");
        var split = new SegSplit("participant_id", 3, ["sub-01", "sub-04"], ["sub-02"], ["sub-00"]);
        SplitMaker.Save(split, path);
        Assert.Equivalent(split, SplitMaker.Load(path), strict: true);

        var config = FakeDataset.Config();
        config.SplitDataset.FnameSplit = path;
        var warnings = new List<string>();
        Assert.Equivalent(split, SplitMaker.Make(FakeDataset.Of(6), config, warnings.Add), strict: true);
        Assert.Contains(warnings, w => w.Contains("sub-03, sub-05", StringComparison.Ordinal));
    }

    [Fact]
    public void File_names_of_the_reference_toolbox_become_participants()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("split.json");
        File.WriteAllText(path, """{"train": ["sub-02_T1w.nii.gz", "sub-02_T2w.nii.gz"], "valid": ["sub-01_T1w.nii.gz"], "test": []}""");
        var split = SplitMaker.Load(path);
        Assert.Equal(["sub-02"], split.Training);
        Assert.Equal(["sub-01"], split.Validation);
        Assert.Empty(split.Test);
    }

    [Theory]
    [InlineData("""{"training": ["sub-1"], "validation": ["sub-1"]}""", "sub-1")]
    [InlineData("""{"training": [], "test": ["sub-1"]}""", "no training list")]
    [InlineData("null", "empty")]
    [InlineData("""{"training": [1]}""", "line 1")]
    [InlineData("not json", "line 1")]
    public void Damaged_files_are_refused(string content, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("split.json"), content);
        var error = Assert.Throws<SegException>(() => SplitMaker.Load(folder.File("split.json")));
        Assert.Equal("SplitFileInvalid", error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Equal("SplitFileNotFound", Assert.Throws<SegException>(() => SplitMaker.Load("/nowhere/split.json")).ErrorId);

    [Fact]
    public void A_split_of_other_participants_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("split.json");
        SplitMaker.Save(new SegSplit("participant_id", 0, ["sub-x"], [], []), path);
        var config = FakeDataset.Config();
        config.SplitDataset.FnameSplit = path;
        Assert.Equal("SplitFileInvalid", Assert.Throws<SegException>(() => SplitMaker.Make(FakeDataset.Of(3), config)).ErrorId);
    }
}
