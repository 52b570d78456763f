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
    [InlineData("""{"test": ["sub-1"]}""", "no training list")]
    [InlineData("""{"training": [], "test": []}""", "lists are empty")]
    [InlineData("""{"training": ["sub-1", null]}""", "a name is empty")]
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

    [Theory]
    [InlineData("split_datasets.joblib", "80 04 95 00")]
    [InlineData("split_datasets.pkl", "7B 7D")]
    [InlineData("renamed.json", "80 04 95 00")]
    [InlineData("compressed.json", "78 9C 00 00")]
    public void A_pickle_is_not_opened_and_its_conversion_is_explained(string name, string bytes)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File(name);
        File.WriteAllBytes(path, Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        var error = Assert.Throws<SegException>(() => SplitMaker.Load(path));
        Assert.Equal("SplitFileIsPickle", error.ErrorId);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains("import json, joblib", error.Recommendation, StringComparison.Ordinal);
        Assert.Contains(Path.ChangeExtension(name, ".json"), error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void File_names_become_the_samples_that_the_split_is_by()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("split.json");
        File.WriteAllText(path, """{"train": ["sub-a_sample-a_SEM.nii.gz"], "valid": ["sub-b_sample-b_SEM.nii.gz"], "test": ["sub-c_sample-c_SEM.nii.gz"]}""", System.Text.Encoding.Unicode);
        var config = FakeDataset.Config();
        config.SplitDataset.FnameSplit = path;
        config.SplitDataset.SplitMethod = "sample_id";
        var dataset = FakeDataset.Of([.. "abc".Select(c => FakeDataset.Image($"sub-{c}", "SEM", c.ToString()))]);
        var split = SplitMaker.Make(dataset, config, Assert.Fail);
        Assert.Equal(("sample-a", "sample-b", "sample-c"), (Assert.Single(split.Training), Assert.Single(split.Validation), Assert.Single(split.Test)));
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
