using MedSeg.Engine.Configuration;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

public sealed class ConfigWriterTests
{
    [Fact]
    public void Reading_back_gives_an_equal_configuration_for_every_seed()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            SegConfig config = new ConfigGenerator(seed).Next();
            string full = Full(config);

            Assert.Equal(full, Full(Parse(ConfigWriter.ToJson(config), "c.json")));
            Assert.Equal(full, Full(Parse(ConfigWriter.ToYaml(config), "c.yaml")));
        }
    }

    [Fact]
    public void Generated_configurations_differ_and_fit()
    {
        HashSet<string> texts = [.. Enumerable.Range(0, 50).Select(seed => Full(new ConfigGenerator(seed).Next()))];

        Assert.Equal(50, texts.Count);
        Assert.All(Enumerable.Range(0, 50), seed => ConfigValidator.ValidateValues(new ConfigGenerator(seed).Next(), SegEngine.Catalog));
    }

    [Fact]
    public void Defaults_are_written_with_their_keys_and_without_empty_sections()
    {
        string json = ConfigWriter.ToJson(new SegConfig());

        Assert.Contains("\"batch_size\": 18", json, StringComparison.Ordinal);
        Assert.Contains("\"is_2d\": true", json, StringComparison.Ordinal);
        Assert.Contains("\"transformation\": {}", json, StringComparison.Ordinal);
        Assert.DoesNotContain("null", json, StringComparison.Ordinal);
        Assert.DoesNotContain("HeMISUnet", json, StringComparison.Ordinal);
        Assert.DoesNotContain("length_2D", json, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', json);
    }

    [Fact]
    public void Yaml_is_readable()
    {
        var config = new SegConfig();
        config.LoaderParameters.TargetSuffix = ["_seg-manual"];
        config.Transformation = [new TransformConfig("CenterCrop", new Dictionary<string, object?> { ["size"] = new object?[] { 128L, 128L } })];

        string yaml = ConfigWriter.ToYaml(config);

        Assert.StartsWith("command: train\ngpu_ids: [0]\n", yaml, StringComparison.Ordinal);
        Assert.Contains("\n  target_suffix: [_seg-manual]\n", yaml, StringComparison.Ordinal);
        Assert.Contains("\n  CenterCrop:\n    size: [128, 128]\n", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_and_real_numbers_keep_their_kind()
    {
        var config = new SegConfig { TrainingParameters = { Loss = new("FocalLoss", new Dictionary<string, object?> { ["gamma"] = 2.0, ["alpha"] = 1L }) } };

        SegConfig read = Parse(ConfigWriter.ToJson(config), "c.json");

        Assert.IsType<double>(read.TrainingParameters.Loss.Parameters["gamma"]);
        Assert.IsType<long>(read.TrainingParameters.Loss.Parameters["alpha"]);
    }

    [Theory]
    [InlineData("c.json", '{')]
    [InlineData("c.yaml", 'c')]
    [InlineData("c.yml", 'c')]
    public void The_extension_of_a_file_tells_its_format(string name, char first)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(name), "old");

        ConfigWriter.Write(new SegConfig(), folder.File(name));

        Assert.Equal(first, File.ReadAllText(folder.File(name))[0]);
        Assert.Equal([folder.File(name)], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Values_that_no_file_can_hold_are_refused()
    {
        var infinite = new SegConfig { TrainingParameters = { Loss = new("DiceLoss", new Dictionary<string, object?> { ["smooth"] = double.NaN }) } };
        var strange = new SegConfig { TrainingParameters = { Loss = new("DiceLoss", new Dictionary<string, object?> { ["smooth"] = new object() }) } };

        Assert.Equal("ConfigWrongType", Assert.Throws<SegException>(() => ConfigWriter.ToJson(infinite)).ErrorId);
        Assert.Equal("ConfigWrongType", Assert.Throws<SegException>(() => ConfigWriter.ToYaml(strange)).ErrorId);
        Assert.Equal("ConfigWrongType", Assert.Throws<SegException>(() => ConfigValidator.ValidateValues(strange, SegEngine.Catalog)).ErrorId);
    }

    private static SegConfig Parse(string text, string name) =>
        ConfigReader.Parse(text, name, SegEngine.Catalog, warning => Assert.Fail(warning));

    private static string Full(SegConfig config) => ConfigJson.Write(ConfigTree.Of(config, full: true));
}
