using MedSeg.Engine.Configuration;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

public class ModelNameTests
{
    [Theory]
    [InlineData("my_model")]
    [InlineData("spine-T2w v1.2")]
    [InlineData("моделька")]
    public void Plain_names_are_accepted(string name) => Assert.True(ModelName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("c:x")]
    [InlineData("nul")]
    [InlineData("COM1.txt")]
    [InlineData("trailing.")]
    [InlineData("trailing ")]
    [InlineData("checkpoints")]
    [InlineData("a\0b")]
    [InlineData("star*")]
    public void Names_that_are_no_folder_somewhere_are_refused(string name) => Assert.False(ModelName.IsValid(name));

    [Fact]
    public void A_file_with_such_a_name_is_refused_when_it_is_read()
    {
        SegException error = Assert.Throws<SegException>(
            () => ConfigReader.Parse("command: train\nmodel_name: con\n", "c.yaml", SegEngine.Catalog, _ => { }));

        Assert.Equal("ConfigNotAllowed", error.ErrorId);
        Assert.Contains("line 2, column 13: model_name: found text \"con\"; allowed: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_cannot_be_set_to_such_a_name()
    {
        var config = new SegConfig();

        Assert.Equal("ConfigNotAllowed", Assert.Throws<SegException>(() => SegEngine.SetConfigValue(config, "model_name", "seg/cord")).ErrorId);
        Assert.Equal("my_model", config.ModelName);
    }

    [Fact]
    public void A_name_that_a_script_sets_is_a_finding()
    {
        SegFinding finding = Assert.Single(SegEngine.TestConfig(
            new SegConfig { ModelName = "aux.1" }, null, Path.GetTempPath(), SilentObserver.Instance, CancellationToken.None));

        Assert.Equal(("ConfigNotAllowed", FindingSeverity.Error, "model_name"), (finding.Id, finding.Severity, finding.Key));
    }
}
