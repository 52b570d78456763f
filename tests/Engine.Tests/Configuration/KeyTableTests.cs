using MedSeg.Engine.Configuration;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

/// <summary>Every key and every component of the format in its newest names: read without a warning, kept, and written back.</summary>
public sealed class KeyTableTests
{
    /// <summary>Key path and a value other than the default, as JSON.</summary>
    public static TheoryData<string, string> Keys { get; } = Pairs("""
        command "segment"
        gpu_ids [1, 2]
        path_output "out"
        model_name "seg_cord"
        debugging true
        log_file "mylog"
        split_path "split.json"
        wandb.wandb_api_key "k"
        wandb.project_name "p"
        wandb.group_name "g"
        wandb.run_name "r"
        wandb.log_grads_every 7
        loader_parameters.path_data ["a", "b"]
        loader_parameters.bids_config "c.json"
        loader_parameters.bids_validate false
        loader_parameters.subject_selection.n [2]
        loader_parameters.subject_selection.metadata ["sex"]
        loader_parameters.subject_selection.value ["F"]
        loader_parameters.target_suffix ["_a", "_b"]
        loader_parameters.extensions [".png"]
        loader_parameters.roi_params.suffix "_roi"
        loader_parameters.roi_params.slice_filter_roi 10
        loader_parameters.contrast_params.training_validation ["T1w"]
        loader_parameters.contrast_params.testing ["T2w"]
        loader_parameters.contrast_params.balance {"T1w": 0.5}
        loader_parameters.slice_filter_params.filter_empty_input false
        loader_parameters.slice_filter_params.filter_empty_mask true
        loader_parameters.slice_filter_params.filter_absent_class true
        loader_parameters.slice_filter_params.filter_classification true
        loader_parameters.slice_filter_params.classifier_path "c.onnx"
        loader_parameters.patch_filter_params.filter_empty_input true
        loader_parameters.patch_filter_params.filter_empty_mask true
        loader_parameters.patch_filter_params.filter_absent_class true
        loader_parameters.slice_axis "coronal"
        loader_parameters.multichannel true
        loader_parameters.soft_gt true
        loader_parameters.is_input_dropout true
        split_dataset.fname_split "s.json"
        split_dataset.random_seed 7
        split_dataset.split_method "sample_id"
        split_dataset.data_testing.data_type "institution_id"
        split_dataset.data_testing.data_value ["unf"]
        split_dataset.balance "sex"
        split_dataset.train_fraction 0.5
        split_dataset.test_fraction 0.3
        object_detection_params.object_detection_path "model"
        object_detection_params.safety_factor [1.1, 1.2, 1.3]
        training_parameters.batch_size 4
        training_parameters.loss {"name": "FocalLoss", "gamma": 3}
        training_parameters.training_time.num_epochs 3
        training_parameters.training_time.early_stopping_patience 2
        training_parameters.training_time.early_stopping_epsilon 0.5
        training_parameters.training_time.early_stopping_rule "previous"
        training_parameters.scheduler.initial_lr 0.25
        training_parameters.scheduler.lr_scheduler {"name": "CyclicLR", "base_lr": 0.5, "max_lr": 0.75}
        training_parameters.optimizer {"name": "AdamW", "weight_decay": 0.05}
        training_parameters.gradient_clip_norm 2.5
        training_parameters.accumulate_batches 4
        training_parameters.ema_decay 0.99
        training_parameters.balance_samples.applied true
        training_parameters.balance_samples.type "sex"
        training_parameters.mixup_alpha 0.5
        training_parameters.transfer_learning.retrain_model "m"
        training_parameters.transfer_learning.retrain_fraction 0.5
        training_parameters.transfer_learning.reset true
        default_model.name "Countception"
        default_model.dropout_rate 0.5
        default_model.bn_momentum 0.5
        default_model.depth 2
        default_model.final_activation "relu"
        default_model.is_2d false
        default_model.n_filters 8
        default_model.length_2D [64, 32]
        default_model.stride_2D [32, 16]
        default_model.length_3D [64, 32, 16]
        default_model.stride_3D [32, 16, 16]
        FiLMedUnet.applied true
        FiLMedUnet.metadata "sex"
        FiLMedUnet.film_layers [1, 0]
        HeMISUnet.applied true
        HeMISUnet.missing_probability 0.5
        HeMISUnet.missing_probability_growth 0.5
        HeMISUnet.contrasts ["T1w", "T2w"]
        HeMISUnet.ram false
        HeMISUnet.path_hdf5 "x.h5"
        HeMISUnet.csv_path "x.csv"
        HeMISUnet.target_lst ["T2w"]
        HeMISUnet.roi_lst ["T2w"]
        HeMISUnet.name "HeMIS"
        Modified3DUNet.applied true
        Modified3DUNet.length_3D [64, 32, 16]
        Modified3DUNet.stride_3D [32, 16, 16]
        Modified3DUNet.attention true
        Modified3DUNet.n_filters 8
        Modified3DUNet.padding_3D 4
        resnet18.applied true
        densenet121.applied true
        Countception.applied true
        Countception.use_logits true
        Countception.logits_per_output 6
        uncertainty.epistemic true
        uncertainty.aleatoric true
        uncertainty.n_it 20
        postprocessing {"remove_noise": {"thr": 0.25}, "binarize_prediction": {"thr": 0.5}}
        evaluation_parameters.object_detection_metrics false
        evaluation_parameters.target_size.thr [20.0, 100.0]
        evaluation_parameters.target_size.unit "mm3"
        evaluation_parameters.overlap.thr 0.5
        evaluation_parameters.overlap.unit "ratio"
        transformation {"RandomReverse": {"applied_to": ["im", "gt"], "dataset_type": ["training"]}}
        training_sha256 {"sub-01_T1w.nii.gz": "ab"}
        """);

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_is_read_and_written(string path, string value)
    {
        string text = Nested(path, value);

        SegConfig config = ConfigReader.Parse(text, "c.json", SegEngine.Catalog, w => Assert.Fail(w));

        Assert.Equal(Written($$"""{"x": {{value}}}""", "x"), ConfigJson.Write(ConfigPaths.Find(ConfigTree.Of(config, full: true), path)!.Value));
        Assert.NotEqual(ConfigWriter.ToJson(new SegConfig()), ConfigWriter.ToJson(config));
        foreach ((string name, string written) in new[] { ("a.json", ConfigWriter.ToJson(config)), ("a.yaml", ConfigWriter.ToYaml(config)) })
        {
            SegConfig again = ConfigReader.Parse(written, name, SegEngine.Catalog, w => Assert.Fail(w));
            Assert.Equal(ConfigWriter.ToJson(config), ConfigWriter.ToJson(again));
        }
    }

    [Fact]
    public void The_table_has_every_key_that_is_no_section()
    {
        IEnumerable<string> known = SectionShape.All(typeof(SegConfig)).Where(k => k.Key.Shape != ValueShape.Section).Select(k => k.Path);

        Assert.Subset(known.ToHashSet(), Keys.Select(k => (string)((object[])k)[0]).ToHashSet());
        Assert.True(Keys.Count >= 99, $"{Keys.Count} keys");
    }

    /// <summary>Copies of other keys that saved files carry.</summary>
    [Theory]
    [InlineData("loader_parameters.contrast_params.contrast_lst", """["T1w"]""")]
    [InlineData("loader_parameters.metadata_type", "\"contrasts\"")]
    [InlineData("loader_parameters.model_params", "{\"name\": \"Unet\"}")]
    [InlineData("loader_parameters.object_detection_params", "{}")]
    [InlineData("object_detection_params.gpu_ids", "0")]
    [InlineData("object_detection_params.path_output", "\"x\"")]
    [InlineData("object_detection_params.gpu", "0")]
    [InlineData("object_detection_params.log_directory", "\"x\"")]
    [InlineData("default_model.folder_name", "\"x\"")]
    [InlineData("default_model.in_channel", "1")]
    [InlineData("default_model.out_channel", "1")]
    [InlineData("default_model.film_onehotencoder", "{}")]
    [InlineData("default_model.n_metadata", "3")]
    [InlineData("$schema", "\"./medseg.schema.json\"")]
    public void A_key_that_a_program_added_is_passed_over(string path, string value)
    {
        SegConfig config = ConfigReader.Parse(Nested(path, value), "c.json", SegEngine.Catalog, w => Assert.Fail(w));

        Assert.Equal(ConfigWriter.ToJson(new SegConfig()), ConfigWriter.ToJson(config));
    }

    /// <summary>Kind, name, and the parameters with their defaults as the format documents them; ! marks those that must be given.</summary>
    public static TheoryData<string, string, string> Components { get; } = Triples("""
        loss DiceLoss smooth=1
        loss MultiClassDiceLoss classes_of_interest
        loss BinaryCrossEntropyLoss
        loss FocalLoss gamma=2 alpha=0.25 eps=1E-07
        loss FocalDiceLoss beta=1 gamma=2 alpha=0.25
        loss GeneralizedDiceLoss epsilon=1E-05 include_background=true
        loss TverskyLoss alpha=0.7 beta=0.3 smooth=1
        loss FocalTverskyLoss alpha=0.7 beta=0.3 gamma=1.33 smooth=1
        loss L2loss
        loss AdapWingLoss theta=0.5 alpha=2.1 omega=14 epsilon=1
        loss LossCombination losses_list! params_list
        schedule CosineAnnealingLR
        schedule CosineAnnealingWarmRestarts T_0! T_mult=1 eta_min=0
        schedule CyclicLR base_lr! max_lr! step_size_up=2000
        optimizer Adam weight_decay=0 betas eps=1E-08
        optimizer AdamW weight_decay=0.01 betas eps=1E-08
        optimizer SGD weight_decay=0 momentum=0.9 nesterov=false
        step binarize_prediction thr=0.5
        step binarize_maxpooling
        step fill_holes
        step keep_largest
        step remove_noise thr=-1
        step remove_small unit=vox thr=3
        step uncertainty thr=-1 suffix
        transform Resample hspace! wspace! dspace=1
        transform CenterCrop size!
        transform ROICrop size!
        transform BoundingBoxCrop size!
        transform NormalizeInstance
        transform RandomAffine degrees=0 translate scale
        transform RandomReverse
        transform RandomShiftIntensity shift_range! prob=0.1
        transform ElasticTransform alpha_range! sigma_range! p=0.1
        transform AdditiveGaussianNoise mean=0 std=0.01
        transform DilateGT dilation_factor!
        transform HistogramClipping min_percentile=5 max_percentile=95
        transform Clahe clip_limit=3 kernel_size
        transform RandomGamma log_gamma_range! p=0.5
        transform RandomBiasField coefficients! order! p=0.5
        transform RandomBlur sigma_range! p=0.5
        network Unet
        network FiLMedUnet
        network HeMISUnet
        network Modified3DUNet
        network resnet18
        network densenet121
        network Countception
        """);

    [Theory]
    [MemberData(nameof(Components))]
    public void A_component_is_known_with_its_parameters(string kind, string name, string parameters)
    {
        IReadOnlyList<ComponentSpec> specs = kind switch
        {
            "loss" => SegEngine.Catalog.Losses,
            "schedule" => SegEngine.Catalog.Schedulers,
            "optimizer" => SegEngine.Catalog.Optimizers,
            "step" => SegEngine.Catalog.PostprocessingSteps,
            "transform" => SegEngine.Catalog.Transforms,
            _ => SegEngine.Catalog.Networks,
        };
        ComponentSpec spec = Assert.Single(specs, s => s.Name == name);
        foreach (string parameter in parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = parameter.TrimEnd('!').Split('=');
            ParameterSpec known = Assert.Single(spec.Parameters, p => p.Name == parts[0]);
            Assert.Equal(parameter.EndsWith('!'), known.Required);
            if (parts.Length > 1)
            {
                Assert.Equal(parts[1], Text(known.Default));
            }
        }
    }

    private static string Text(object? value) =>
        value is bool flag ? flag ? "true" : "false" : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!;

    private static string Written(string json, string key) => ConfigJson.Write(
        ((ConfigMap)JsonTree.Parse(json, "x", new ConfigProblems("x"))).Find(key)!.Value);

    private static string Nested(string path, string value) =>
        path.Split('.').Reverse().Aggregate(value, (inner, key) => $$"""{"{{key}}": {{inner}}}""");

    private static TheoryData<string, string> Pairs(string table)
    {
        var data = new TheoryData<string, string>();
        foreach (string[] parts in table.Split('\n').Select(line => line.Trim().Split(' ', 2)))
        {
            data.Add(parts[0], parts[1]);
        }

        return data;
    }

    private static TheoryData<string, string, string> Triples(string table)
    {
        var data = new TheoryData<string, string, string>();
        foreach (string[] parts in table.Split('\n').Select(line => line.Trim().Split(' ', 3)))
        {
            data.Add(parts[0], parts[1], parts.Length > 2 ? parts[2] : "");
        }

        return data;
    }
}
