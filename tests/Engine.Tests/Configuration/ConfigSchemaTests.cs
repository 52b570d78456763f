using System.Text.Json;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

/// <summary>The JSON Schema says what the reader accepts, in the words of docs/configuration.md.</summary>
public sealed class ConfigSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(ConfigSchema.Of(SegEngine.Catalog)).RootElement;
    private static readonly SchemaCheck Check = new(Schema);

    [Theory]
    [MemberData(nameof(ExampleConfigTests.Files), MemberType = typeof(ExampleConfigTests))]
    public void Written_files_are_valid(string file) => Assert.True(Check.Accepts(ConfigWriter.ToJson(ExampleConfigTests.Read(file))));

    /// <summary>Files of this generation as people write them: comments, lists of one without brackets, the key of the schema.</summary>
    [Theory]
    [InlineData("generic.json")]
    [InlineData("microscopy.json")]
    [InlineData("defaults.json")]
    public void Files_with_new_names_are_valid_as_they_stand(string file) =>
        Assert.True(Check.Accepts(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Configuration", "Examples", file))));

    [SharedTheory]
    [InlineData("golden/packaged/spine-unet2d/my_model/my_model.json")]
    [InlineData("golden/packaged/sem-2class/training_config.json")]
    [InlineData("golden/e2e_unet2d_learn_config.json")]
    public void Published_files_with_new_names_are_valid_as_they_stand(string file) =>
        Assert.True(Check.Accepts(File.ReadAllText(SharedFolder.File(file.Split('/')))));

    [Fact]
    public void Whatever_the_reader_accepts_is_valid()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            string json = ConfigWriter.ToJson(new ConfigGenerator(seed).Next());
            Assert.True(Check.Accepts(json), json);
        }
    }

    /// <summary>The single faults of <see cref="BadConfigTests"/> that are JSON and no old name.</summary>
    public static TheoryData<string, string> Faults
    {
        get
        {
            string[] seen = ["ConfigUnknownKey", "ConfigWrongType", "ConfigOutOfRange", "ConfigNotAllowed", "ConfigUnknownComponent", "ConfigMissingParameter"];
            var faults = new TheoryData<string, string>();
            foreach (object[] fault in BadConfigTests.Cases)
            {
                if (fault is ["c.json", string text, string id, _, string key] && seen.Contains(id) && LegacyNames.Table.All(n => n.Old != key) && !text.Contains("1e999", StringComparison.Ordinal))
                {
                    faults.Add(text, key);
                }
            }

            return faults;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_the_reader_refuses_is_not_valid(string text, string key) => Assert.False(Check.Accepts(text), key);

    [Fact]
    public void Many_faults_are_compared() => Assert.True(Faults.Count >= 35, $"{Faults.Count}");

    [Fact]
    public void Every_key_has_the_description_and_the_default_of_the_documentation()
    {
        string page = ConfigDocumentation.Generate();
        foreach ((string path, KeyShape key, object defaults) in SectionShape.All(typeof(SegConfig)))
        {
            JsonElement schema = path.Split('.').Aggregate(Schema, Below);
            string description = schema.GetProperty("description").GetString()!;
            Assert.StartsWith(KeySummaries.Of(key), description, StringComparison.Ordinal);
            Assert.Equal(LaterFeatures.IsLater(path), description.EndsWith("(Not supported yet.)", StringComparison.Ordinal));
            Assert.Contains($"| `{key.Key}` |", page, StringComparison.Ordinal);
            Assert.Contains($"| {KeySummaries.Of(key)} |", page, StringComparison.Ordinal);
            if (key.Shape != ValueShape.Section)
            {
                string usual = ConfigJson.Write(ConfigTree.Value(defaults, key, full: false));
                Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(usual).RootElement, schema.GetProperty("default")), path);
            }
        }
    }

    [Fact]
    public void Every_transform_and_step_has_its_parameters()
    {
        foreach ((string section, ComponentSpec spec) in SegEngine.Catalog.Transforms.Select(s => ("transformation", s))
            .Concat(SegEngine.Catalog.PostprocessingSteps.Select(s => ("postprocessing", s))))
        {
            JsonElement parameters = Below(Below(Schema, section), spec.Name).GetProperty("properties");
            Assert.All(spec.Parameters, p => Assert.Equal(p.Help, parameters.GetProperty(p.Name).TryGetProperty("description", out JsonElement d) ? d.GetString() : ""));
            Assert.Equal(section == "transformation", parameters.TryGetProperty("applied_to", out _));
        }
    }

    [Theory]
    [InlineData("gpu", "gpu_ids")]
    [InlineData("loader_parameters.slice_filter", "slice_filter_params")]
    [InlineData("default_model.batch_norm_momentum", "default_model.bn_momentum")]
    [InlineData("transformation.CenterCrop2D", "transformation.CenterCrop")]
    [InlineData("object_detection_params.gpu_ids", "saved files")]
    public void Old_names_are_marked(string path, string says)
    {
        JsonElement old = path.Split('.').Aggregate(Schema, Below);

        Assert.True(old.GetProperty("deprecated").GetBoolean());
        Assert.Contains(says, old.GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_which_draft_it_is() =>
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", Schema.GetProperty("$schema").GetString());

    private static JsonElement Below(JsonElement schema, string key) => schema.GetProperty("properties").GetProperty(key);
}
