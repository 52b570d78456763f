using MedSeg.Engine.Configuration;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

public sealed class ConfigValidatorTests
{
    [Fact]
    public void Defaults_with_a_target_pass()
    {
        SegConfig config = Good();

        ConfigValidator.Validate(config, SegEngine.Catalog);
        ConfigValidator.RequireSupported(config, SegEngine.Catalog);
        ConfigValidator.RequireSupported(new SegConfig(), SegEngine.Catalog);
    }

    public static TheoryData<string, string, string> Conflicts { get; } = new()
    {
        { "loader_parameters.target_suffix", "loader_parameters: {target_suffix: []}", "no target" },
        { "loader_parameters.target_suffix", "loader_parameters: {target_suffix: [_a, _a]}", "2 times" },
        { "loader_parameters.target_suffix", "loader_parameters: {target_suffix: ['']}", "empty" },
        { "loader_parameters.target_suffix", "loader_parameters: {target_suffix: ['_x/../../evil']}", "'_x/../../evil' cannot" },
        { "loader_parameters.target_suffix", "loader_parameters: {target_suffix: ['_a.b']}", "file name" },
        { "loader_parameters.target_suffix", "loader_parameters: {target_suffix: [[_a, _b], [_c, _d, _e]]}", "3 raters and another 2" },
        { "loader_parameters.target_suffix", "loader_parameters: {target_suffix: [[_a, '_x/../evil']]}", "'_x/../evil' cannot" },
        { "loader_parameters.target_contrast", "loader_parameters: {multichannel: true, target_contrast: T2w, contrast_params: {training_validation: [T1w]}}", "no channel" },
        { "loader_parameters.contrast_params.training_validation", "loader_parameters: {multichannel: true}", "order of the channels" },
        { "loader_parameters.contrast_params.balance", "loader_parameters: {multichannel: true, contrast_params: {training_validation: [T1w, T2w], balance: {T1w: 0.5}}}", "multichannel" },
        { "loader_parameters.subject_selection", "loader_parameters: {subject_selection: {n: [1], metadata: [sex], value: []}}", "1, 1 and 0" },
        { "loader_parameters.roi_params.slice_filter_roi", "loader_parameters: {roi_params: {slice_filter_roi: 5}}", "region" },
        { "loader_parameters.slice_filter_params.classifier_path", "loader_parameters: {slice_filter_params: {filter_classification: true}}", "classifier" },
        { "loader_parameters.extensions", "loader_parameters: {extensions: [png]}", "'.png'" },
        { "split_dataset.train_fraction", "split_dataset: {train_fraction: 0.9, test_fraction: 0.2}", "0.9 and test_fraction 0.2" },
        { "split_dataset.train_fraction", "split_dataset: {train_fraction: 0}", "nothing to train" },
        { "default_model.final_activation", "default_model: {final_activation: softmax}", "always 1" },
        { "Modified3DUNet.applied", "{HeMISUnet: {applied: true}, Modified3DUNet: {applied: true}}", "HeMISUnet, Modified3DUNet" },
        { "default_model.stride_2D", "default_model: {length_2D: [64, 64]}", "both or none" },
        { "default_model.stride_2D", "default_model: {length_2D: [64, 64], stride_2D: [64, 65]}", "gaps" },
        { "FiLMedUnet.film_layers", "FiLMedUnet: {applied: true, film_layers: [0, 1]}", "needs 8" },
        { "transformation.Resample.applied_to", "transformation: {Resample: {hspace: 1, wspace: 1, applied_to: [im]}}", "'im' and 'gt'" },
    };

    [Theory]
    [MemberData(nameof(Conflicts))]
    public void Keys_that_do_not_agree_are_named(string key, string yaml, string says)
    {
        SegConfig config = Read(yaml);

        SegException error = Assert.Throws<SegException>(() => ConfigValidator.Validate(config, SegEngine.Catalog));

        ConfigProblem problem = Assert.Single(Assert.IsType<ConfigProblem[]>(error.TargetItem));
        Assert.Equal(("ConfigConflict", key), (problem.ErrorId, problem.Key));
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FiLM_in_three_dimensions_is_one_network()
    {
        SegConfig config = Read("{FiLMedUnet: {applied: true}, Modified3DUNet: {applied: true}}");

        ConfigValidator.Validate(config, SegEngine.Catalog);
    }

    [Fact]
    public void Values_set_in_memory_are_checked_as_those_of_files()
    {
        SegConfig config = Good();
        config.TrainingParameters.BatchSize = 0;
        config.ModelName = null!;
        config.LoaderParameters.SliceAxis = "oblique";
        config.TrainingParameters.Loss = new("FocalLoss", new Dictionary<string, object?> { ["gama"] = 2 });
        config.Transformation = [new TransformConfig("Resample")];

        SegException error = Assert.Throws<SegException>(() => ConfigValidator.Validate(config, SegEngine.Catalog));

        string[] found = [.. Assert.IsType<ConfigProblem[]>(error.TargetItem).Select(p => $"{p.ErrorId} {p.Key}")];
        Assert.Equal(
            [
                "ConfigWrongType model_name",
                "ConfigNotAllowed loader_parameters.slice_axis",
                "ConfigOutOfRange training_parameters.batch_size",
                "ConfigUnknownKey training_parameters.loss.gama",
                "ConfigMissingParameter transformation.Resample.hspace",
                "ConfigMissingParameter transformation.Resample.wspace",
            ],
            found);
    }

    [Fact]
    public void The_same_transform_twice_is_a_conflict()
    {
        SegConfig config = Good();
        config.Transformation = [new("RandomReverse"), new("RandomReverse")];

        Assert.Contains("twice", Assert.Throws<SegException>(() => ConfigValidator.Validate(config, SegEngine.Catalog)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postprocessing: {Foo: {}}", "allowed: ", "keep_largest (not yet)")]
    public void What_does_not_work_yet_is_named_last_and_as_such(string yaml, string first, string later)
    {
        string message = Assert.Throws<SegException>(() => Read(yaml)).Message;
        string allowed = message[message.IndexOf("allowed: ", StringComparison.Ordinal)..];

        Assert.StartsWith(first, allowed, StringComparison.Ordinal);
        Assert.Contains(later, allowed, StringComparison.Ordinal);
        Assert.DoesNotContain("(not yet)", allowed[..allowed.IndexOf(',', StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.False(System.Text.RegularExpressions.Regex.IsMatch(allowed, @"\(not yet\), \w+[,.;]"), allowed);
    }

    public static TheoryData<string, string> Later { get; } = new()
    {
        { "split_path", "split_path: x.json" },
        { "wandb.wandb_api_key", "wandb: {wandb_api_key: abc}" },
        { "object_detection_params.object_detection_path", "object_detection_params: {object_detection_path: m}" },
        { "uncertainty.epistemic", "uncertainty: {epistemic: true, n_it: 2}" },
        { "evaluation_parameters.overlap", "evaluation_parameters: {overlap: {thr: 3}}" },
        { "postprocessing.keep_largest", "postprocessing: {keep_largest: {}}" },
    };

    [Theory]
    [InlineData("command: segment", "command: segment")]
    [InlineData("log_file: my.log", "log_file: my.log")]
    [InlineData("default_model: {length_3D: [8, 8, 8]}", "default_model.length_3D: a list")]
    [InlineData(
        "{Modified3DUNet: {applied: true}, default_model: {length_3D: [32, 32, 16], stride_3D: [32, 32, 16]}}", "default_model.length_3D: a list")]
    [InlineData("loader_parameters: {target_contrast: T1w}", "loader_parameters.target_contrast: T1w")]
    [InlineData("default_model: {stride_3D: [8, 8, 8]}", "default_model.stride_3D: a list")]
    [InlineData("HeMISUnet: {applied: true, ram: false}", "HeMISUnet.ram: false")]
    [InlineData("HeMISUnet: {applied: true, hdf5_path: x.h5}", "HeMISUnet.path_hdf5: x.h5")]
    [InlineData("HeMISUnet: {applied: true, csv_path: x.csv}", "HeMISUnet.csv_path: x.csv")]
    [InlineData("HeMISUnet: {applied: true, target_lst: [T2w, T1w]}", "HeMISUnet.target_lst: T2w, T1w")]
    [InlineData("HeMISUnet: {applied: true, roi_lst: [T2w]}", "HeMISUnet.roi_lst: T2w")]
    [InlineData("Countception: {use_logits: true}", "Countception.use_logits: true")]
    [InlineData("Countception: {logits_per_output: 6}", "Countception.logits_per_output: 6")]
    [InlineData("evaluation_parameters: {object_detection_metrics: false}", "evaluation_parameters.object_detection_metrics: false")]
    public void Keys_without_effect_are_warned_of_where_they_are_set(string yaml, string says)
    {
        var warnings = new List<string>();
        ConfigValidator.WarnOfIdle(Read(yaml), warnings.Add);

        Assert.StartsWith(says + " has no effect. ", Assert.Single(warnings), StringComparison.Ordinal);
        ConfigValidator.WarnOfIdle(new SegConfig(), _ => Assert.Fail("The defaults need no warning."));
    }

    [Theory]
    [MemberData(nameof(Later))]
    public void Features_to_come_are_refused_when_used(string key, string yaml)
    {
        SegException error = Assert.Throws<SegException>(() => ConfigValidator.RequireSupported(Read(yaml), SegEngine.Catalog));

        Assert.Equal(("NotSupportedYet", SegErrorKind.NotSupported), (error.ErrorId, error.Kind));
        Assert.Equal(key, Assert.Single(Assert.IsType<ConfigProblem[]>(error.TargetItem)).Key);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains("not supported yet", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_that_are_switched_off_pass()
    {
        SegConfig config = Read("""
            wandb: {wandb_api_key: ''}
            FiLMedUnet: {applied: false, metadata: contrasts}
            uncertainty: {epistemic: true, n_it: 0}
            training_parameters: {balance_samples: {applied: false, type: sex}}
            postprocessing: {remove_noise: {thr: -1}, uncertainty: {thr: -1}, binarize_prediction: {thr: 0.5}}
            """);

        ConfigValidator.RequireSupported(config, SegEngine.Catalog);
    }

    private static SegConfig Good() => new() { LoaderParameters = { TargetSuffix = ["_seg"] } };

    private static SegConfig Read(string yaml)
    {
        SegConfig config = ConfigReader.Parse(yaml, "c.yaml", SegEngine.Catalog, _ => { });
        if (!yaml.Contains("target_suffix", StringComparison.Ordinal))
        {
            config.LoaderParameters.TargetSuffix = ["_seg"];
        }

        return config;
    }
}
