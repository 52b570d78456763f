using MedSeg.Engine.Configuration;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

public sealed class LegacyNameTests
{
    [Theory]
    [InlineData("""{"gpu": 1}""", "gpu_ids", """{"gpu_ids": [1]}""")]
    [InlineData("""{"log_directory": "out"}""", "path_output", """{"path_output": "out"}""")]
    [InlineData("""{"command": "eval"}""", "test", """{"command": "test"}""")]
    [InlineData("""{"loader_parameters": {"bids_path": "d"}}""", "loader_parameters.path_data", """{"loader_parameters": {"path_data": ["d"]}}""")]
    [InlineData("""{"loader_parameters": {"contrasts": {"train_validation": ["T1w"], "test": ["T2w"], "balance": {"T1w": 0.5}}}}""", "loader_parameters.contrast_params.testing", """{"loader_parameters": {"contrast_params": {"training_validation": ["T1w"], "testing": ["T2w"], "balance": {"T1w": 0.5}}}}""")]
    [InlineData("""{"loader_parameters": {"slice_filter": {"filter_empty_mask": true}}}""", "slice_filter_params", """{"loader_parameters": {"slice_filter_params": {"filter_empty_mask": true}}}""")]
    [InlineData("""{"loader_parameters": {"roi": {"suffix": "_r", "slice_filter_roi": 10}}}""", "roi_params", """{"loader_parameters": {"roi_params": {"suffix": "_r", "slice_filter_roi": 10}}}""")]
    [InlineData("""{"loader_parameters": {"roi_suffix": "_r"}}""", "roi_params.suffix", """{"loader_parameters": {"roi_params": {"suffix": "_r"}}}""")]
    [InlineData("""{"loader_parameters": {"soft_input": true}}""", "soft_gt", """{"loader_parameters": {"soft_gt": true}}""")]
    [InlineData("""{"split_dataset": {"method": "per_patient"}}""", "participant_id", "{}")]
    [InlineData("""{"split_dataset": {"method": "per_center", "center_test": ["unf"]}}""", "institution_id", """{"split_dataset": {"data_testing": {"data_type": "institution_id", "data_value": ["unf"]}}}""")]
    [InlineData("""{"split_dataset": {"center_test": ["unf"]}}""", "dropped", "{}")]
    [InlineData("""{"split_dataset": {"center_test": []}}""", "data_value", "{}")]
    [InlineData("""{"training_parameters": {"scheduler": {"scheduler_lr": {"name": "CyclicLR", "base_lr": 0.001, "max_lr": 0.1}}}}""", "lr_scheduler", """{"training_parameters": {"scheduler": {"lr_scheduler": {"name": "CyclicLR", "base_lr": 0.001, "max_lr": 0.1}}}}""")]
    [InlineData("""{"training_parameters": {"scheduler": {"lr_scheduler": {"name": "CosineAnnealingLR", "base_lr": 0.001, "max_lr": 0.1}}}}""", "eta_min", """{"training_parameters": {"scheduler": {"lr_scheduler": {"name": "CosineAnnealingLR"}}}}""")]
    [InlineData("""{"training_parameters": {"balance_samples": true}}""", "balance_samples.applied", """{"training_parameters": {"balance_samples": {"applied": true}}}""")]
    [InlineData("""{"default_model": {"batch_norm_momentum": 0.4}}""", "bn_momentum", """{"default_model": {"bn_momentum": 0.4}}""")]
    [InlineData("""{"default_model": {"drop_rate": 0.4}}""", "dropout_rate", """{"default_model": {"dropout_rate": 0.4}}""")]
    [InlineData("""{"default_model": {"use_logits": true, "logits_per_output": 6}}""", "Countception.logits_per_output", """{"Countception": {"use_logits": true, "logits_per_output": 6}}""")]
    [InlineData("""{"default_model": {"depth": 3}, "FiLMedUnet": {"applied": true, "depth": 2}}""", "default_model.depth", """{"default_model": {"depth": 2}, "FiLMedUnet": {"applied": true}}""")]
    [InlineData("""{"resnet18": {"applied": false, "name": "resnet18", "dropout_rate": 0.4}}""", "not applied", "{}")]
    [InlineData("""{"default_model": {"relu": true}}""", "final_activation", """{"default_model": {"final_activation": "relu"}}""")]
    [InlineData("""{"default_model": {"relu": false}}""", "final_activation", "{}")]
    [InlineData("""{"default_model": {"name": "UNet3D"}}""", "Modified3DUNet", """{"default_model": {"name": "Modified3DUNet"}}""")]
    [InlineData("""{"UNet3D": {"applied": true, "attention_unet": true}}""", "Modified3DUNet", """{"Modified3DUNet": {"applied": true, "attention": true}}""")]
    [InlineData("""{"HeMISUnet": {"hdf5_path": "x.h5"}}""", "path_hdf5", """{"HeMISUnet": {"path_hdf5": "x.h5"}}""")]
    [InlineData("""{"FiLMedUnet": {"metadata": "contrast", "applied": true}}""", "contrasts", """{"FiLMedUnet": {"metadata": "contrasts", "applied": true}}""")]
    [InlineData("""{"testing_parameters": {"binarize_prediction": 0.4, "uncertainty": {"epistemic": true, "n_it": 3}}}""", "postprocessing.binarize_prediction.thr", """{"uncertainty": {"epistemic": true, "n_it": 3}, "postprocessing": {"binarize_prediction": {"thr": 0.4}}}""")]
    [InlineData("""{"testing_parameters": {"binarize_prediction": true}}""", "postprocessing.binarize_prediction.thr", """{"postprocessing": {"binarize_prediction": {"thr": 0.5}}}""")]
    [InlineData("""{"testing_parameters": {"binarize_prediction": false}}""", "postprocessing.binarize_prediction.thr", """{"postprocessing": {"binarize_prediction": {"thr": -1.0}}}""")]
    [InlineData("""{"binarize_prediction": 0.4}""", "postprocessing.binarize_prediction.thr", """{"postprocessing": {"binarize_prediction": {"thr": 0.4}}}""")]
    [InlineData("""{"postprocessing": {"binarize_prediction": 0.4, "fill_holes": {}}}""", "postprocessing.binarize_prediction.thr", """{"postprocessing": {"binarize_prediction": {"thr": 0.4}, "fill_holes": {}}}""")]
    [InlineData("""{"evaluation_parameters": {"targetSize": {"thr": [20, 100], "unit": "vox"}}}""", "target_size", """{"evaluation_parameters": {"target_size": {"thr": [20, 100], "unit": "vox"}}}""")]
    [InlineData("""{"evaluation_parameters": {"removeSmall": {"thr": 3, "unit": "vox"}}}""", "postprocessing.remove_small", """{"postprocessing": {"remove_small": {"thr": 3, "unit": "vox"}}}""")]
    [InlineData("""{"postprocessing": {"threshold_uncertainty": {"thr": 0.1}}}""", "postprocessing.uncertainty", """{"postprocessing": {"uncertainty": {"thr": 0.1}}}""")]
    [InlineData("""{"transformation": {"CenterCrop2D": {"size": [8, 8]}, "NumpyToTensor": {}, "Clage": {}}}""", "transformation.CenterCrop", """{"transformation": {"CenterCrop": {"size": [8, 8]}, "Clahe": {}}}""")]
    [InlineData("""{"transformation": {"ROICrop2D": {"size": [8, 8]}, "AdditionGaussianNoise": {"std": 0.1}}}""", "transformation.AdditiveGaussianNoise", """{"transformation": {"ROICrop": {"size": [8, 8]}, "AdditiveGaussianNoise": {"std": 0.1}}}""")]
    [InlineData("""{"transformation": {"RandomRotation": {"degrees": 5}}}""", "transformation.RandomAffine", """{"transformation": {"RandomAffine": {"degrees": 5}}}""")]
    [InlineData("""{"transformation": {"RandomTranslation": {"translate": [0.1, 0.1]}, "NormalizeInstance": {}}}""", "transformation.RandomAffine", """{"transformation": {"RandomAffine": {"translate": [0.1, 0.1]}, "NormalizeInstance": {}}}""")]
    [InlineData("""{"transformation": {"Resample": {"hspace": 1, "wspace": 1, "preprocessing": true}}}""", "transformation.Resample.preprocessing", """{"transformation": {"Resample": {"hspace": 1, "wspace": 1}}}""")]
    public void Old_names_become_new_ones_with_a_warning(string old, string warned, string current)
    {
        var warnings = new List<string>();

        string converted = ConfigWriter.ToJson(ConfigReader.Parse(old, "c.json", SegEngine.Catalog, warnings.Add));

        Assert.Equal(ConfigWriter.ToJson(ConfigReader.Parse(current, "c.json", SegEngine.Catalog, Unexpected)), converted);
        Assert.Contains(warnings, w => w.Contains(warned, StringComparison.Ordinal));
        Assert.All(warnings, w => Assert.StartsWith("c.json, line 1: ", w, StringComparison.Ordinal));
    }

    [Fact]
    public void Where_both_names_are_given_the_new_one_counts()
    {
        var warnings = new List<string>();

        SegConfig config = ConfigReader.Parse("""{"gpu": 3, "gpu_ids": [1]}""", "c.json", SegEngine.Catalog, warnings.Add);

        Assert.Equal([1], config.GpuIds);
        Assert.Contains("'gpu' is dropped", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_under_both_names_are_merged()
    {
        SegConfig config = ConfigReader.Parse(
            """{"loader_parameters": {"roi": {"suffix": "_old"}, "roi_params": {"slice_filter_roi": 4}}}""", "c.json", SegEngine.Catalog, _ => { });

        Assert.Equal(("_old", 4), (config.LoaderParameters.RoiParams.Suffix, config.LoaderParameters.RoiParams.SliceFilterRoi));
    }

    [Fact]
    public void Keys_that_saved_files_repeat_are_accepted_silently()
    {
        ConfigReader.Parse("""{"object_detection_params": {"gpu": 0, "log_directory": "x", "gpu_ids": 0, "path_output": "x"}}""", "c.json", SegEngine.Catalog, Unexpected);
    }

    [Fact]
    public void Faults_in_old_keys_keep_their_place()
    {
        SegException error = Assert.Throws<SegException>(() =>
            ConfigReader.Parse("{\n\"default_model\": {\n\"batch_norm_momentum\": 7}}", "c.json", SegEngine.Catalog, _ => { }));

        ConfigProblem problem = Assert.Single(Assert.IsType<ConfigProblem[]>(error.TargetItem));
        Assert.Equal((3, "default_model.bn_momentum"), (problem.Line, problem.Key));
    }

    [Fact]
    public void Every_new_name_in_the_table_is_a_known_key()
    {
        var known = SectionShape.All(typeof(SegConfig)).Select(k => k.Path).ToHashSet();

        Assert.All(LegacyNames.Table, n => Assert.True(
            known.Contains(n.New) || n.New.StartsWith("postprocessing.", StringComparison.Ordinal) || n.New.StartsWith("transformation.", StringComparison.Ordinal),
            n.New));
    }

    private static void Unexpected(string warning) => Assert.Fail(warning);
}
