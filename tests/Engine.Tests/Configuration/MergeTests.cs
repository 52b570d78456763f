using MedSeg.Engine.Configuration;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

/// <summary>
/// The file lies over the defaults key by key, but a loss, a schedule, a transform and a step are units (D-03): what the file does not
/// give has the component's own default, never a value of another component.
/// </summary>
public sealed class MergeTests
{
    [Theory]
    [InlineData("""{"training_parameters": {"loss": {"name": "FocalLoss"}}}""", "training_parameters.loss", """{"name": "FocalLoss"}""")]
    [InlineData("""{"training_parameters": {"loss": {"name": "FocalLoss", "gamma": 3}}}""", "training_parameters.loss", """{"name": "FocalLoss", "gamma": 3}""")]
    [InlineData(
        """{"training_parameters": {"scheduler": {"lr_scheduler": {"name": "CosineAnnealingWarmRestarts", "T_0": 10, "T_mult": 1}}}}""",
        "training_parameters.scheduler.lr_scheduler",
        """{"name": "CosineAnnealingWarmRestarts", "T_0": 10, "T_mult": 1}""")]
    [InlineData(
        """{"training_parameters": {"scheduler": {"lr_scheduler": {"name": "CosineAnnealingWarmRestarts", "T_0": 10, "base_lr": 1e-5, "max_lr": 1e-2}}}}""",
        "training_parameters.scheduler.lr_scheduler",
        """{"name": "CosineAnnealingWarmRestarts", "T_0": 10}""")]
    [InlineData(
        """{"training_parameters": {"scheduler": {"lr_scheduler": {"name": "CyclicLR", "base_lr": 0.25, "max_lr": 0.5}}}}""",
        "training_parameters.scheduler.lr_scheduler",
        """{"name": "CyclicLR", "base_lr": 0.25, "max_lr": 0.5}""")]
    [InlineData(
        """{"transformation": {"Resample": {"wspace": 1, "hspace": 2}, "RandomReverse": {}}}""",
        "transformation",
        """{"Resample": {"wspace": 1, "hspace": 2}, "RandomReverse": {}}""")]
    [InlineData(
        """{"postprocessing": {"remove_small": {"thr": 5}, "binarize_prediction": {}}}""",
        "postprocessing",
        """{"remove_small": {"thr": 5}, "binarize_prediction": {}}""")]
    public void A_component_is_a_unit(string file, string path, string kept) => Assert.Equal(Node(kept), At(Parse(file), path));

    [Fact]
    public void Setting_a_component_by_its_key_replaces_it_whole()
    {
        SegConfig config = Parse("""
            {"training_parameters": {"loss": {"name": "FocalLoss", "gamma": 3}},
             "transformation": {"Resample": {"hspace": 1, "wspace": 1, "dataset_type": ["training"]}},
             "postprocessing": {"remove_small": {"thr": 5, "unit": "mm3"}}}
            """);

        ConfigKeys.Set(config, "training_parameters.loss", new Dictionary<string, object?> { ["name"] = "FocalLoss", ["alpha"] = 0.5 }, SegEngine.Catalog);
        ConfigKeys.Set(config, "transformation.Resample", new Dictionary<string, object?> { ["hspace"] = 2L, ["wspace"] = 2L }, SegEngine.Catalog);
        ConfigKeys.Set(config, "postprocessing.remove_small", new Dictionary<string, object?> { ["thr"] = 7L }, SegEngine.Catalog);

        Assert.Equal(Node("""{"name": "FocalLoss", "alpha": 0.5}"""), At(config, "training_parameters.loss"));
        Assert.Equal(Node("""{"Resample": {"hspace": 2, "wspace": 2}}"""), At(config, "transformation"));
        Assert.Equal(Node("""{"remove_small": {"thr": 7}}"""), At(config, "postprocessing"));
    }

    [Fact]
    public void Sections_merge_key_by_key_and_lists_are_replaced()
    {
        SegConfig config = Parse("""{"default_model": {"depth": 2}, "object_detection_params": {"safety_factor": [2, 2, 2]}, "gpu_ids": [3]}""");

        Assert.Equal((2, 64), (config.DefaultModel.Depth, config.DefaultModel.NFilters));
        Assert.Equal([2.0, 2.0, 2.0], config.ObjectDetectionParams.SafetyFactor);
        Assert.Equal([3], config.GpuIds);
    }

    /// <summary>balance_samples may weigh by one column while FiLM reads another (D-36).</summary>
    [Fact]
    public void The_column_of_balanced_sampling_leaves_that_of_FiLM_alone()
    {
        SegConfig config = Parse("""
            {"loader_parameters": {"metadata_type": "sex"}, "FiLMedUnet": {"applied": true, "metadata": "contrasts"},
             "training_parameters": {"balance_samples": {"applied": true, "type": "sex"}}}
            """);

        Assert.Equal(("contrasts", "sex"), (config.FilmedUnet.Metadata, config.TrainingParameters.BalanceSamples.Type));
    }

    /// <summary>D-60: continuing from a model keeps its weights unless the file says otherwise. D-108: attention may be left out.</summary>
    [Fact]
    public void Absent_keys_have_harmless_defaults()
    {
        SegConfig config = Parse("""{"training_parameters": {"transfer_learning": {"retrain_model": "m"}}, "Modified3DUNet": {"applied": true}}""");

        Assert.Equal((false, false), (config.TrainingParameters.TransferLearning.Reset, config.Modified3DUnet.Attention));
    }

    private static string At(SegConfig config, string path) => ConfigJson.Write(ConfigPaths.Find(ConfigTree.Of(config, full: true), path)!.Value);

    private static string Node(string json) => ConfigJson.Write(JsonTree.Parse(json, "x", new ConfigProblems("x")));

    private static SegConfig Parse(string text) => ConfigReader.Parse(text, "c.json", SegEngine.Catalog, _ => { });
}
