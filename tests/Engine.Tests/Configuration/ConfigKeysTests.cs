using System.Collections;
using MedSeg.Engine.Configuration;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

public sealed class ConfigKeysTests
{
    [Fact]
    public void Values_as_PowerShell_gives_them_are_taken()
    {
        var config = new SegConfig();

        Set(config, "training_parameters.batch_size", 4);
        Set(config, "training_parameters.scheduler.initial_lr", 1);
        Set(config, "training_parameters.mixup_alpha", 0.4f);
        Set(config, "loader_parameters.contrast_params.testing", "T1w");
        Set(config, "loader_parameters.contrast_params.balance", new Hashtable { ["T1w"] = 0.5m });
        Set(config, "loader_parameters.contrast_params.balance.T2w", 1);
        Set(config, "loader_parameters.target_suffix", new object[] { "_a", "_b" });
        Set(config, "training_parameters.training_time", new Hashtable { ["num_epochs"] = 7 });
        Set(config, "wandb.project_name", "p");
        Set(config, "default_model.is_2d", false);

        Assert.Equal((4, 1.0), (config.TrainingParameters.BatchSize, config.TrainingParameters.Scheduler.InitialLr));
        Assert.Equal(0.4, config.TrainingParameters.MixupAlpha!.Value, 6);
        Assert.Equal(["T1w"], config.LoaderParameters.ContrastParams.Testing);
        Assert.Equal((0.5, 1.0), (config.LoaderParameters.ContrastParams.Balance["T1w"], config.LoaderParameters.ContrastParams.Balance["T2w"]));
        Assert.Equal(["_a", "_b"], config.LoaderParameters.TargetSuffix);
        Assert.Equal((7, 50), (config.TrainingParameters.TrainingTime.NumEpochs, config.TrainingParameters.TrainingTime.EarlyStoppingPatience));
        Assert.Equal("p", config.Wandb!.ProjectName);
        Assert.False(config.DefaultModel.Is2D);
    }

    [Fact]
    public void One_parameter_of_a_transform_changes_and_the_others_stay()
    {
        var config = new SegConfig { Transformation = [new("Resample", new Dictionary<string, object?> { ["hspace"] = 1.0, ["wspace"] = 1.0 }), new("RandomReverse")] };

        Set(config, "transformation.Resample.hspace", 0.75);
        Set(config, "transformation.Resample.dataset_type", "training");
        Set(config, "transformation.CenterCrop.size", new object[] { 64, 64 });
        Set(config, "transformation.RandomReverse", null);

        Assert.Equal(["Resample", "CenterCrop"], config.Transformation.Select(t => t.Name));
        Assert.Equal((0.75, 1.0), (config.Transformation[0].Parameters["hspace"], config.Transformation[0].Parameters["wspace"]));
        Assert.Equal(["training"], config.Transformation[0].DatasetType);
    }

    [Fact]
    public void A_new_loss_drops_parameters_that_it_does_not_have()
    {
        var config = new SegConfig { TrainingParameters = { Loss = new("DiceLoss", new Dictionary<string, object?> { ["smooth"] = 2.0 }) } };

        Set(config, "training_parameters.loss.name", "FocalLoss");
        Assert.Equal("FocalLoss", config.TrainingParameters.Loss.Name);
        Assert.Empty(config.TrainingParameters.Loss.Parameters);

        Set(config, "training_parameters.loss", "DiceLoss");
        Assert.Equal("DiceLoss", config.TrainingParameters.Loss.Name);
    }

    [Fact]
    public void The_order_of_a_hashtable_does_not_matter()
    {
        var config = new SegConfig();
        var values = new Dictionary<string, object?> { ["training_parameters.loss.gamma"] = 3, ["training_parameters.loss.name"] = "FocalLoss" };

        ConfigKeys.SetAll(config, values, SegEngine.Catalog);

        Assert.Equal(3L, config.TrainingParameters.Loss.Parameters["gamma"]);
    }

    [Theory]
    [InlineData("training_parameters.batch_siz", 4, "ConfigUnknownKey", "did you mean 'batch_size'")]
    [InlineData("batch_size", 4, "ConfigUnknownKey", "training_parameters.batch_size")]
    [InlineData("gpu", 0, "ConfigUnknownKey", "now 'gpu_ids'")]
    [InlineData("loader_parameters.contrasts.test", "T1w", "ConfigUnknownKey", "contrast_params.testing")]
    [InlineData("training_parameters.batch_size.x", 4, "ConfigUnknownKey", "no keys below")]
    [InlineData("training_parameters.batch_size", "many", "ConfigWrongType", "allowed: a whole number from 1 to 65536")]
    [InlineData("training_parameters.batch_size", 0, "ConfigOutOfRange", "found number 0")]
    [InlineData("training_parameters.loss.name", "Dice", "ConfigUnknownComponent", "DiceLoss")]
    [InlineData("training_parameters.loss.gamma", 2, "ConfigUnknownKey", "smooth")]
    [InlineData("transformation.Resample.hspac", 2, "ConfigUnknownKey", "hspace")]
    [InlineData("transformation.Resample.hspace", "x", "ConfigWrongType", "a number")]
    [InlineData("wandb.log_grads_every", 0, "ConfigOutOfRange", "wandb.log_grads_every")]
    public void What_does_not_fit_is_refused_and_changes_nothing(string key, object value, string errorId, string says)
    {
        var config = new SegConfig();
        string before = ConfigJson.Write(ConfigTree.Of(config, full: true));

        SegException error = Assert.Throws<SegException>(() => Set(config, key, value));

        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, ConfigJson.Write(ConfigTree.Of(config, full: true)));
    }

    [Fact]
    public void Values_of_other_types_are_refused()
    {
        Assert.Equal("ConfigWrongType", Assert.Throws<SegException>(() => Set(new SegConfig(), "model_name", new Version(1, 2))).ErrorId);
    }

    [Fact]
    public void Every_listed_path_can_be_completed_and_is_known()
    {
        IReadOnlyList<string> paths = ConfigKeys.All(SegEngine.Catalog);

        Assert.Contains("training_parameters.batch_size", paths);
        Assert.Contains("training_parameters.loss.gamma", paths);
        Assert.Contains("transformation.Resample.hspace", paths);
        Assert.Contains("postprocessing.binarize_prediction.thr", paths);
        Assert.Equal(paths.Count, paths.Distinct().Count());
    }

    private static void Set(SegConfig config, string key, object? value) => ConfigKeys.Set(config, key, value, SegEngine.Catalog);

    /// <summary>A hashtable has no order, and cropping before resampling would crop another region.</summary>
    [Fact]
    public void Transforms_added_by_key_take_their_usual_place()
    {
        var config = new SegConfig { Transformation = [new("NormalizeInstance")] };
        ConfigKeys.SetAll(
            config,
            new Dictionary<string, object?>
            {
                ["transformation.CenterCrop.size"] = new object?[] { 128L, 128L },
                ["transformation.RandomAffine.degrees"] = 5.0,
                ["transformation.Resample.wspace"] = 0.75,
                ["transformation.Resample.hspace"] = 0.75,
            },
            SegEngine.Catalog);
        Assert.Equal(["Resample", "CenterCrop", "RandomAffine", "NormalizeInstance"], config.Transformation.Select(t => t.Name));
    }

    [Fact]
    public void Changing_a_transform_leaves_the_order_that_it_was_given()
    {
        var config = new SegConfig { Transformation = [new("NormalizeInstance"), new("RandomReverse")] };
        ConfigKeys.Set(config, "transformation.RandomReverse.dataset_type", new object?[] { "training" }, SegEngine.Catalog);
        Assert.Equal(["NormalizeInstance", "RandomReverse"], config.Transformation.Select(t => t.Name));
    }
}
