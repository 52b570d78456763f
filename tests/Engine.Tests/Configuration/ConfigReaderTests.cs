using MedSeg.Engine.Configuration;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

public sealed class ConfigReaderTests
{
    private const string Json = """
        {
          // comments and trailing commas are allowed
          "model_name": "spine",
          "loader_parameters": {
            "path_data": "data",
            "target_suffix": ["_seg-manual"],
            "contrast_params": {"training_validation": ["T1w", "T2w"], "balance": {"T1w": 0.5}},
          },
          "split_dataset": {"data_testing": {"data_type": "centre", "data_value": ["a", 2]}},
          "training_parameters": {"loss": {"name": "FocalLoss", "gamma": 3}},
          "postprocessing": {"keep_largest": {}, "binarize_prediction": {"thr": 0.3}},
          "transformation": {
            "Resample": {"wspace": 0.75, "hspace": 0.5},
            "NormalizeInstance": {"applied_to": ["im"]},
            "CenterCrop": {"size": [128, 64], "dataset_type": "training"},
          }
        }
        """;

    private const string Yaml = """
        # the same in YAML
        model_name: spine
        loader_parameters:
          path_data: data
          target_suffix: [_seg-manual]
          contrast_params:
            training_validation: [T1w, T2w]
            balance: {T1w: 0.5}
        split_dataset:
          data_testing: {data_type: centre, data_value: [a, 2]}
        training_parameters:
          loss: {name: FocalLoss, gamma: 3}
        postprocessing:
          keep_largest: {}
          binarize_prediction: {thr: 0.3}
        transformation:
          Resample: {wspace: 0.75, hspace: 0.5}
          NormalizeInstance: {applied_to: &image [im]}
          CenterCrop: {size: [128, 64], dataset_type: training}
        """;

    [Theory]
    [InlineData("c.json", Json)]
    [InlineData("c.yaml", Yaml)]
    [InlineData("c.txt", Json)]
    [InlineData("c.conf", Yaml)]
    public void Values_lie_over_the_defaults(string name, string text)
    {
        SegConfig config = Parse(text, name);

        Assert.Equal("spine", config.ModelName);
        Assert.Equal(["data"], config.LoaderParameters.PathData);
        Assert.Equal(["_seg-manual"], config.LoaderParameters.TargetSuffix);
        Assert.Equal(["T1w", "T2w"], config.LoaderParameters.ContrastParams.TrainingValidation);
        Assert.Equal(0.5, config.LoaderParameters.ContrastParams.Balance["T1w"]);
        Assert.Equal(["a", "2"], config.SplitDataset.DataTesting.DataValue);
        Assert.Equal(0.6, config.SplitDataset.TrainFraction);
        Assert.Equal(18, config.TrainingParameters.BatchSize);
        Assert.Equal("FocalLoss", config.TrainingParameters.Loss.Name);
        Assert.Equal(3L, config.TrainingParameters.Loss.Parameters["gamma"]);
        Assert.Equal(["keep_largest", "binarize_prediction"], config.Postprocessing.Select(p => p.Name));
        Assert.Equal(["Resample", "NormalizeInstance", "CenterCrop"], config.Transformation.Select(t => t.Name));
        Assert.Equal(["im"], config.Transformation[1].AppliedTo);
        Assert.Equal(["training"], config.Transformation[2].DatasetType);
        Assert.Equal(new object?[] { 128L, 64L }, config.Transformation[2].Parameters["size"]);
    }

    [Fact]
    public void A_component_is_replaced_whole()
    {
        SegConfig config = Parse("""{"training_parameters": {"scheduler": {"lr_scheduler": {"name": "CosineAnnealingWarmRestarts", "T_0": 10}}}}""");

        Assert.Equal(["T_0"], config.TrainingParameters.Scheduler.LrScheduler.Parameters.Keys);
    }

    [Fact]
    public void Raters_are_lists_of_suffixes_and_the_first_rater_stands_for_the_class()
    {
        SegConfig config = Parse("""{"loader_parameters": {"target_suffix": [["_a1", "_a2"], ["_b1", "_b2"]]}}""");

        Assert.Equal(["_a1", "_b1"], config.LoaderParameters.TargetSuffix);
        Assert.Equal(["_b1", "_b2"], config.LoaderParameters.TargetSuffixRaters[1]);
    }

    [Fact]
    public void All_problems_of_a_file_come_in_one_error_in_file_order()
    {
        SegException error = Assert.Throws<SegException>(() => Parse("""
            {
              "training_parameters": {"batch_size": "x", "mixup": 1},
              "debuging": true
            }
            """));

        ConfigProblem[] problems = Assert.IsType<ConfigProblem[]>(error.TargetItem);
        Assert.Equal(["ConfigWrongType", "ConfigUnknownKey", "ConfigUnknownKey"], problems.Select(p => p.ErrorId));
        Assert.Equal([(2, 41), (2, 46), (3, 3)], problems.Select(p => (p.Line, p.Column)));
        Assert.Contains("has 3 problems", error.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'mixup_alpha'", error.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'debugging'", error.Message, StringComparison.Ordinal);
        Assert.Contains("found text \"x\"; allowed: a whole number from 1 to 65536", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_of_problems_is_cut()
    {
        string keys = string.Join(", ", Enumerable.Range(0, 50).Select(i => $"\"k{i}\": 1"));

        SegException error = Assert.Throws<SegException>(() => Parse($"{{{keys}}}"));

        Assert.Contains("and 30 more", error.Message, StringComparison.Ordinal);
        Assert.Equal(50, Assert.IsType<ConfigProblem[]>(error.TargetItem).Length);
    }

    /// <summary>Looking for the nearest name costs far more than reading; a hostile file must not buy that for every key.</summary>
    [Theory]
    [InlineData("{{{0}}}")]
    [InlineData("{{\"transformation\": {{{0}}}}}")]
    [InlineData("{{\"transformation\": {{\"Resample\": {{{0}}}}}}}")]
    public void A_file_of_very_many_faults_ends_in_one_error(string frame)
    {
        string keys = string.Join(", ", Enumerable.Range(0, 20_000).Select(i => $"\"transform_number_{i}\": {{\"preprocessing\": 1}}"));

        SegException error = Assert.Throws<SegException>(() => Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, frame, keys)));

        Assert.True(Assert.IsType<ConfigProblem[]>(error.TargetItem).Length >= 20_000);
    }

    [Fact]
    public void A_key_at_the_wrong_place_is_told_its_section()
    {
        SegException error = Assert.Throws<SegException>(() => Parse("""{"num_epochs": 5}"""));

        Assert.Contains("training_parameters.training_time.num_epochs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_count_characters_not_bytes()
    {
        SegException error = Assert.Throws<SegException>(() => Parse("{\"log_file\": \"ä€\", \"x\": 1}"));

        Assert.Equal(20, Assert.IsType<ConfigProblem[]>(error.TargetItem)[0].Column);
    }

    [Fact]
    public void Yaml_words_of_the_older_version_stay_text()
    {
        SegConfig config = Parse("model_name: on\nsplit_dataset: {data_testing: {data_value: [no, 0x10, '5', 1e-3]}}\n", "c.yml");

        Assert.Equal("on", config.ModelName);
        Assert.Equal(["no", "16", "5", "0.001"], config.SplitDataset.DataTesting.DataValue);
    }

    [Fact]
    public void Yaml_aliases_repeat_their_anchor()
    {
        SegConfig config = Parse("""
            loader_parameters:
              contrast_params:
                training_validation: &all [T1w, T2w]
                testing: *all
            """, "c.yaml");

        Assert.Equal(["T1w", "T2w"], config.LoaderParameters.ContrastParams.Testing);
    }

    [Fact]
    public void Files_are_read_with_or_without_a_byte_order_mark()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.json"), Json, new System.Text.UTF8Encoding(true));

        Assert.Equal("spine", ConfigReader.Read(folder.File("a.json"), SegEngine.Catalog, _ => { }).ModelName);
    }

    [Fact]
    public void Files_that_cannot_be_read_say_why()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("latin.json"), [.. "{\n\"model_name\": \""u8, 0xE4, .. "\"}"u8]);
        File.WriteAllBytes(folder.File("large.json"), new byte[DocumentLimits.Bytes + 1]);

        Assert.Equal(("ConfigEncoding", 2), (IdOf(folder.File("latin.json"), out int line), line));
        Assert.Equal("ConfigTooLarge", IdOf(folder.File("large.json"), out _));
        Assert.Equal("ConfigNotFound", IdOf(folder.File("absent.json"), out _));
        Assert.Equal("ConfigNotFound", IdOf(folder.Path, out _));
    }

    private static string IdOf(string path, out int line)
    {
        SegException error = Assert.Throws<SegException>(() => ConfigReader.Read(path, SegEngine.Catalog, _ => { }));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        line = (error.TargetItem as ConfigProblem[])?[0].Line ?? 0;
        return error.ErrorId;
    }

    private static SegConfig Parse(string text, string name = "c.json") => ConfigReader.Parse(text, name, SegEngine.Catalog, _ => { });
}
