using System.Text.RegularExpressions;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Configuration.Checks;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

/// <summary>Each finding about a configuration comes of the smallest change of one that has none, and is documented.</summary>
public sealed class ConfigFindingTests
{
    /// <summary>Id, key path, YAML of the change, and the ids that come with it.</summary>
    internal static TheoryData<string, string, string, string> Cases { get; } = new()
    {
        { "NotSupportedYet", "wandb.wandb_api_key", "wandb: {wandb_api_key: abc}", "" },
        { "KeyWithoutEffect", "log_file", "log_file: mine", "" },
        { "TargetMissing", "loader_parameters.target_suffix", "loader_parameters: {target_suffix: []}", "" },
        { "TargetInvalid", "loader_parameters.target_suffix", "loader_parameters: {target_suffix: [_a, _a]}", "" },
        { "TargetInvalid", "loader_parameters.target_suffix", "loader_parameters: {target_suffix: ['']}", "" },
        { "TargetInvalid", "loader_parameters.target_suffix", "loader_parameters: {target_suffix: ['_x/../../evil']}", "" },
        { "RatersUneven", "loader_parameters.target_suffix", "loader_parameters: {target_suffix: [[_a1, _a2], [_b1, _b2, _b3]]}", "NotSupportedYet" },
        { "RatersOutsideTraining", "loader_parameters.target_suffix", "{command: test, loader_parameters: {target_suffix: [[_a1, _a2], [_b]]}}", "NotSupportedYet KeyWithoutEffect" },
        { "MultichannelBalance", "loader_parameters.contrast_params.balance", "loader_parameters: {multichannel: true, contrast_params: {training_validation: [T1w, T2w], balance: {T1w: 0.5}}}", "NotSupportedYet" },
        { "MultichannelContrasts", "loader_parameters.contrast_params.training_validation", "loader_parameters: {multichannel: true}", "NotSupportedYet" },
        { "MultichannelOneContrast", "loader_parameters.multichannel", "loader_parameters: {multichannel: true, contrast_params: {training_validation: [T1w]}}", "NotSupportedYet" },
        { "MultichannelTesting", "loader_parameters.contrast_params.testing", "loader_parameters: {multichannel: true, contrast_params: {training_validation: [T1w, T2w], testing: [T2w, T1w]}}", "NotSupportedYet" },
        { "TargetContrastUnknown", "loader_parameters.target_contrast", "loader_parameters: {target_contrast: PD, multichannel: true, contrast_params: {training_validation: [T1w, T2w]}}", "NotSupportedYet" },
        { "BalanceContrastUnknown", "loader_parameters.contrast_params.balance", "loader_parameters: {contrast_params: {training_validation: [T1w], testing: [T1w], balance: {T1: 0.5}}}", "" },
        { "TestContrastUntrained", "loader_parameters.contrast_params.testing", "loader_parameters: {contrast_params: {training_validation: [T1w], testing: [T2w]}}", "" },
        { "RoiFilterWithoutRoi", "loader_parameters.roi_params.slice_filter_roi", "loader_parameters: {roi_params: {slice_filter_roi: 10}}", "NotSupportedYet" },
        { "RoiCropWithoutRoi", "transformation.ROICrop", "transformation: {ROICrop: {size: [64, 64]}}", "NotSupportedYet" },
        { "RoiWithoutCrop", "loader_parameters.roi_params.suffix", "loader_parameters: {roi_params: {suffix: _roi}}", "NotSupportedYet" },
        { "RoiWithoutCrop", "loader_parameters.roi_params.suffix", "loader_parameters: {roi_params: {suffix: _roi, slice_filter_roi: 5}}", "NotSupportedYet" },
        { "ClassifierMissing", "loader_parameters.slice_filter_params.classifier_path", "loader_parameters: {slice_filter_params: {filter_classification: true}}", "NotSupportedYet" },
        { "ClassifierUnused", "loader_parameters.slice_filter_params.classifier_path", "loader_parameters: {slice_filter_params: {classifier_path: c.onnx}}", "NotSupportedYet" },
        { "ExtensionInvalid", "loader_parameters.extensions", "loader_parameters: {extensions: [png]}", "" },
        { "RasterAxis", "loader_parameters.slice_axis", "loader_parameters: {extensions: [.png, .TIF], slice_axis: sagittal}", "" },
        { "InputDropoutOneChannel", "loader_parameters.is_input_dropout", "loader_parameters: {is_input_dropout: true}", "NotSupportedYet" },
        { "PatchFilterWithoutPatch", "loader_parameters.patch_filter_params", "loader_parameters: {patch_filter_params: {filter_empty_mask: true}}", "NotSupportedYet" },
        { "SubjectSelectionLengths", "loader_parameters.subject_selection", "loader_parameters: {subject_selection: {n: [1], metadata: [sex]}}", "" },
        { "DilationCut", "transformation.DilateGT", "transformation: {DilateGT: {dilation_factor: 1}}", "" },
        { "SoftLabelsLost", "transformation.DilateGT", "{loader_parameters: {soft_gt: true}, transformation: {DilateGT: {dilation_factor: 1}}}", "" },
        { "SoftPredictionsCut", "postprocessing.binarize_prediction", "{loader_parameters: {soft_gt: true}, postprocessing: {binarize_prediction: {thr: 0.5}}}", "" },
        { "SplitFractions", "split_dataset.train_fraction", "split_dataset: {train_fraction: 0.9, test_fraction: 0.2}", "" },
        { "SplitFractions", "split_dataset.train_fraction", "split_dataset: {train_fraction: 0}", "" },
        { "NoTestSet", "split_dataset.test_fraction", "split_dataset: {test_fraction: 0}", "" },
        { "NoValidationSet", "split_dataset.train_fraction", "split_dataset: {train_fraction: 0.8, test_fraction: 0.2}", "" },
        { "SeveralNetworks", "resnet18.applied", "{HeMISUnet: {applied: true}, resnet18: {applied: true}}", "NotSupportedYet" },
        { "SoftmaxOneClass", "default_model.final_activation", "default_model: {final_activation: softmax}", "" },
        { "PatchStride", "default_model.stride_2D", "default_model: {length_2D: [64, 64], stride_2D: [64, 65]}", "NotSupportedYet" },
        { "PatchStride", "default_model.stride_2D", "default_model: {length_2D: [64, 64]}", "NotSupportedYet" },
        { "PatchStride", "Modified3DUNet.stride_3D", "Modified3DUNet: {applied: true, length_3D: [64, 64, 16], stride_3D: [64, 64, 17]}", "NotSupportedYet" },
        { "PatchLengthOf16", "Modified3DUNet.length_3D", "Modified3DUNet: {applied: true, length_3D: [100, 128, 16], stride_3D: [100, 128, 16]}", "NotSupportedYet" },
        { "PatchLengthOf16", "default_model.length_3D", "default_model: {name: Modified3DUNet, length_3D: [32, 40, 16], stride_3D: [32, 40, 16]}", "" },
        { "NetworkTooDeep", "Modified3DUNet.length_3D", "Modified3DUNet: {applied: true, length_3D: [16, 16, 16], stride_3D: [16, 16, 16]}", "" },
        { "NetworkTooDeep", "default_model.depth", "default_model: {is_2d: false, length_3D: [8, 8, 8], stride_3D: [8, 8, 8]}", "" },
        { "NetworkTooDeep", "default_model.depth", "default_model: {is_2d: false, length_3D: [32, 32, 4], stride_3D: [32, 32, 4]}", "" },
        { "PatchOfOtherDimension", "default_model.length_2D", "default_model: {is_2d: false, length_2D: [32, 32], stride_2D: [32, 32]}", "NotSupportedYet" },
        { "PatchLargerThanCrop", "default_model.length_2D", "{default_model: {length_2D: [128, 64], stride_2D: [64, 64]}, transformation: {CenterCrop: {size: [64, 64]}}}", "NotSupportedYet" },
        { "NetworkTooDeep", "default_model.depth", "{default_model: {depth: 6}, transformation: {CenterCrop: {size: [48, 128]}}}", "" },
        { "FilmLayersLength", "FiLMedUnet.film_layers", "FiLMedUnet: {applied: true, film_layers: [0, 1]}", "" },
        { "FilmLayersLength", "FiLMedUnet.film_layers", "{FiLMedUnet: {applied: true, film_layers: [1, 1, 1]}, Modified3DUNet: {applied: true}}", "NotSupportedYet" },
        { "FilmLayersLength", "FiLMedUnet.film_layers", "{FiLMedUnet: {applied: true, film_layers: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}, default_model: {name: Modified3DUNet}}", "" },
        { "FilmMetadataMissing", "FiLMedUnet.metadata", "FiLMedUnet: {applied: true, metadata: '', film_layers: [1, 0, 0, 0, 0, 0, 0, 0]}", "" },
        { "FilmWithoutLayer", "FiLMedUnet.film_layers", "FiLMedUnet: {applied: true, film_layers: [0, 0, 0, 0, 0, 0, 0, 0]}", "" },
        { "HemisContrasts", "HeMISUnet.contrasts", "{HeMISUnet: {applied: true, contrasts: [T1w], missing_probability: 0.1}, loader_parameters: {multichannel: true, contrast_params: {training_validation: [T1w, T2w]}}}", "" },
        { "HemisMultichannel", "loader_parameters.multichannel", "{HeMISUnet: {applied: true, missing_probability: 0.1}, loader_parameters: {contrast_params: {training_validation: [T1w, T2w]}}}", "" },
        { "HemisHidesNothing", "HeMISUnet.missing_probability", "{HeMISUnet: {applied: true}, loader_parameters: {multichannel: true, contrast_params: {training_validation: [T1w, T2w]}}}", "" },
        { "HemisInputDropout", "loader_parameters.is_input_dropout", "{HeMISUnet: {applied: true, missing_probability: 0.1}, loader_parameters: {is_input_dropout: true, multichannel: true, contrast_params: {training_validation: [T1w, T2w]}}}", "" },
        { "NetworkIs2D", "default_model.is_2d", "{densenet121: {applied: true}, default_model: {is_2d: false}}", "NotSupportedYet" },
        { "ClassifierSeesNoAbsence", "loader_parameters.slice_filter_params.filter_empty_mask", "{default_model: {name: resnet50}, loader_parameters: {slice_filter_params: {filter_empty_mask: true}}}", "" },
        { "NetworkTooDeep", "densenet121.applied", "{densenet121: {applied: true}, transformation: {CenterCrop: {size: [28, 64]}}}", "" },
        { "LossNeedsProbabilities", "training_parameters.loss.name", "{Countception: {applied: true}, training_parameters: {loss: {name: LossCombination, losses_list: [L2loss, BinaryCrossEntropyLoss]}}}", "" },
        { "SpatialNotOnLabel", "transformation.Resample.applied_to", "transformation: {Resample: {hspace: 1, wspace: 1, applied_to: [im]}}", "" },
        { "IntensityOnLabel", "transformation.NormalizeInstance.applied_to", "transformation: {NormalizeInstance: {applied_to: [im, gt]}}", "" },
        { "CropBeforeResample", "transformation.CenterCrop", "transformation: {CenterCrop: {size: [64, 64]}, Resample: {hspace: 1, wspace: 1}}", "" },
        { "PreparationNotEverywhere", "transformation.Resample.dataset_type", "transformation: {Resample: {hspace: 1, wspace: 1, dataset_type: [training]}}", "" },
        { "RandomEverywhere", "transformation.RandomReverse.dataset_type", "transformation: {RandomReverse: {}}", "" },
        { "RangeReversed", "transformation.RandomShiftIntensity.shift_range", "transformation: {RandomShiftIntensity: {shift_range: [0.1, -0.1], dataset_type: [training]}}", "" },
        { "RangeReversed", "transformation.HistogramClipping.min_percentile", "transformation: {HistogramClipping: {min_percentile: 96}}", "" },
        { "NotNormalised", "transformation", "transformation: {}", "" },
        { "ScheduleRates", "training_parameters.scheduler.lr_scheduler.max_lr", "training_parameters: {scheduler: {initial_lr: 0.01, lr_scheduler: {name: CyclicLR, base_lr: 0.01, max_lr: 0.001}}}", "" },
        { "InitialRateUnused", "training_parameters.scheduler.initial_lr", "training_parameters: {scheduler: {initial_lr: 0.5, lr_scheduler: {name: CyclicLR, base_lr: 0.01, max_lr: 0.1}}}", "" },
        { "PatienceNever", "training_parameters.training_time.early_stopping_patience", "training_parameters: {training_time: {num_epochs: 20}}", "" },
        { "WeightsForgotten", "training_parameters.transfer_learning.reset", "training_parameters: {transfer_learning: {retrain_model: m, reset: true}}", "NotSupportedYet" },
        { "NothingRetrained", "training_parameters.transfer_learning.retrain_fraction", "training_parameters: {transfer_learning: {retrain_model: m, retrain_fraction: 0}}", "NotSupportedYet" },
        { "LossClasses", "training_parameters.loss.classes_of_interest", "training_parameters: {loss: {name: MultiClassDiceLoss, classes_of_interest: [0, 2]}}", "" },
        { "ClassWeightsCount", "training_parameters.class_weights", "training_parameters: {class_weights: [1, 2, 3]}", "" },
        { "ClassWeightsTwice", "training_parameters.class_weights", "training_parameters: {class_weights: [1], balance_classes: true}", "" },
        { "LossList", "training_parameters.loss.params_list", "training_parameters: {loss: {name: LossCombination, losses_list: [DiceLoss, FocalLoss], params_list: [null]}}", "" },
        { "SeveralGpus", "gpu_ids", "gpu_ids: [0, 1]", "" },
        { "UncertaintyOff", "uncertainty.n_it", "uncertainty: {epistemic: true}", "" },
        { "UncertaintyOff", "uncertainty.n_it", "uncertainty: {n_it: 5}", "" },
        { "EpistemicWithoutDropout", "default_model.dropout_rate", "{uncertainty: {epistemic: true, n_it: 5}, default_model: {dropout_rate: 0}}", "NotSupportedYet" },
        { "AleatoricWithoutRandom", "uncertainty.aleatoric", "uncertainty: {aleatoric: true, n_it: 5}", "NotSupportedYet" },
        { "AleatoricNotOnLabel", "transformation.RandomAffine.applied_to", "{uncertainty: {aleatoric: true, n_it: 5}, transformation: {RandomAffine: {degrees: 5, applied_to: [im], dataset_type: [training]}}}", "NotSupportedYet SpatialNotOnLabel" },
        { "UncertaintyStepWithoutMap", "postprocessing.uncertainty", "postprocessing: {uncertainty: {thr: 0.2}}", "NotSupportedYet" },
        { "TwoBinarizations", "postprocessing.binarize_maxpooling", "postprocessing: {binarize_prediction: {}, binarize_maxpooling: {}}", "NotSupportedYet" },
        { "RemoveSmallLength", "postprocessing.remove_small.thr", "postprocessing: {remove_small: {thr: [3, 5]}}", "NotSupportedYet" },
        { "SafetyFactorSmall", "object_detection_params.safety_factor", "object_detection_params: {object_detection_path: m, safety_factor: [0.9, 1, 1]}", "NotSupportedYet" },
        { "SizeBinsOrder", "evaluation_parameters.target_size.thr", "evaluation_parameters: {target_size: {thr: [100, 20]}}", "NotSupportedYet" },
    };

    /// <summary>Kinds with a test of their own.</summary>
    private static readonly string[] Others = ["OldName", "ComponentTwice", "ScheduleKeyUnused", "MemoryOfTraining"];

    public static TheoryData<string, string, string, string> All => Cases;

    [Theory]
    [MemberData(nameof(All))]
    public void One_change_gives_one_finding(string id, string key, string yaml, string with)
    {
        IReadOnlyList<SegFinding> findings = Test(Read(yaml, id));

        SegFinding finding = Assert.Single(findings, f => f.Id == id);
        Assert.Equal((key, Kind(id).Severity, Kind(id).Recommendation), (finding.Key, finding.Severity, finding.Recommendation));
        Assert.EndsWith(".", finding.Message, StringComparison.Ordinal);

        // What is not there yet changes from version to version; memory is always told where sizes are known.
        string[] expected = [id, .. with.Split(' ', StringSplitOptions.RemoveEmptyEntries), "NotSupportedYet", "MemoryOfTraining"];
        Assert.Subset(expected.ToHashSet(), findings.Select(f => f.Id).ToHashSet());
    }

    /// <summary>The numbers of weights are those of the reference's networks.</summary>
    [Theory]
    [InlineData("Modified3DUNet: {applied: true}", "a step of 18 samples of 128×128×16", "7,124,112 weights")]
    [InlineData("Modified3DUNet: {applied: true, attention: true}", "a step of 18 samples of 128×128×16", "7,380,595 weights")]
    [InlineData("default_model: {is_2d: false, length_3D: [64, 64, 32], stride_3D: [64, 64, 32]}", "a step of 18 samples of 64×64×32", "14,493,313 weights")]
    [InlineData("{default_model: {is_2d: false}, transformation: {CenterCrop: {size: [48, 48, 40]}}}", "a step of 18 samples of 48×48×40", "14,493,313 weights")]
    public void Memory_of_training_volumes_is_told(string yaml, string step, string weights)
    {
        string message = Assert.Single(Test(Read(yaml)), f => f.Id == "MemoryOfTraining").Message;

        Assert.StartsWith(step, message, StringComparison.Ordinal);
        Assert.Contains(weights, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sound_configuration_has_none() => Assert.Empty(Test(Read("model_name: seg")));

    [Fact]
    public void Errors_come_first_and_training_refuses_exactly_them()
    {
        foreach (object[] fault in Cases)
        {
            SegConfig config = Read((string)fault[2], (string)fault[0]);
            FindingSeverity[] severities = [.. Test(config).Select(f => f.Severity)];
            Assert.Equal(severities.OrderDescending(), severities);
            string[] errors = [.. ConfigChecks.Of(config).Where(f => f.Severity == FindingSeverity.Error).Select(f => f.Key)];
            SegException? refused = Record.Exception(() => ConfigValidator.Validate(config, SegEngine.Catalog)) as SegException;
            Assert.Equal(errors, (refused?.TargetItem as ConfigProblem[] ?? []).Select(p => p.Key));
        }
    }

    [Fact]
    public void A_transform_that_a_script_doubles_is_found()
    {
        SegConfig config = Read("transformation: {RandomReverse: {dataset_type: [training]}}");
        config.Transformation = [.. config.Transformation, config.Transformation[0]];
        config.Postprocessing = [new("fill_holes"), new("fill_holes")];

        Assert.Equal(
            ["transformation.RandomReverse", "postprocessing.fill_holes"], Test(config).Where(f => f.Id == "ComponentTwice").Select(f => f.Key));
    }

    /// <summary>D-07; files lose the key when they are read.</summary>
    [Fact]
    public void A_rate_that_a_script_gives_to_the_wrong_schedule_is_found()
    {
        SegConfig config = Read("model_name: seg");
        config.TrainingParameters.Scheduler.LrScheduler.Parameters["max_lr"] = 0.01;

        Assert.Equal("training_parameters.scheduler.lr_scheduler.max_lr", Assert.Single(Test(config), f => f.Id == "ScheduleKeyUnused").Key);
    }

    [Fact]
    public void Values_that_do_not_fit_are_findings_under_the_ids_of_reading()
    {
        SegConfig config = Read("model_name: seg");
        config.TrainingParameters.BatchSize = 0;
        config.LoaderParameters.SliceAxis = "oblique";

        Assert.Equal(
            ["ConfigNotAllowed loader_parameters.slice_axis", "ConfigOutOfRange training_parameters.batch_size"],
            Test(config).Select(f => $"{f.Id} {f.Key}"));
    }

    [Fact]
    public void A_file_gives_its_problems_and_old_names_with_their_places()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("bad.json"), "{\n  \"gpu\": 1,\n  \"training_parameters\": {\"batchsize\": 4, \"mixup_alpha\": \"x\"}\n}");
        File.WriteAllText(folder.File("broken.yaml"), "model_name: [\n");
        File.WriteAllText(folder.File("old.json"), "{\"gpu\": 1, \"loader_parameters\": {\"target_suffix\": \"_seg\"}}");

        SegFinding[] bad = [.. TestFile(folder.File("bad.json"))];
        Assert.Equal(["ConfigUnknownKey", "ConfigWrongType", "OldName"], bad.Select(f => f.Id));
        Assert.Equal(["training_parameters.batchsize", "training_parameters.mixup_alpha", "gpu"], bad.Select(f => f.Key));
        Assert.StartsWith("line 3, column 27: ", bad[0].Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'batch_size'", bad[0].Message, StringComparison.Ordinal);
        Assert.Equal("ConfigSyntax", Assert.Single(TestFile(folder.File("broken.yaml"))).Id);
        Assert.Equal("ConfigNotFound", Assert.Single(TestFile(folder.File("none.json"))).Id);
        Assert.Equal(["NotNormalised", "OldName"], TestFile(folder.File("old.json")).Select(f => f.Id));
    }

    [Theory]
    [MemberData(nameof(ExampleConfigTests.Files), MemberType = typeof(ExampleConfigTests))]
    public void Examples_have_no_errors_but_features_to_come(string file)
    {
        IEnumerable<string> errors = Test(ExampleConfigTests.Read(file)).Where(f => f.Severity == FindingSeverity.Error).Select(f => f.Id).Distinct();

        Assert.Subset(new HashSet<string> { "NotSupportedYet", "TargetMissing" }, errors.ToHashSet());
    }

    [Fact]
    public void Every_kind_has_a_case_or_a_test_of_its_own() => Assert.Equal(
        ConfigFindingCatalog.All.Select(k => k.Id),
        Cases.Select(c => (string)((object[])c)[0]).Concat(DatasetFindingTests.Ids).Concat(Others).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_kind_is_documented_with_its_severity_an_example_and_what_to_do()
    {
        string page = File.ReadAllText(Path.Combine(ConfigDocumentationTests.Docs(), "findings.md")).ReplaceLineEndings("\n");
        page = page[page.IndexOf("# Findings of Test-SegConfig", StringComparison.Ordinal)..];
        Dictionary<string, string> sections = Regex.Split(page, "^### ", RegexOptions.Multiline).Skip(1)
            .ToDictionary(s => s[..s.IndexOf('\n', StringComparison.Ordinal)].Trim(), StringComparer.Ordinal);

        Assert.Equal(ConfigFindingCatalog.All.Select(k => k.Id), sections.Keys);
        foreach (ConfigFindingKind kind in ConfigFindingCatalog.All)
        {
            Assert.Contains($"*{kind.Severity}.*", sections[kind.Id], StringComparison.Ordinal);
            Assert.Contains("Example: ", sections[kind.Id], StringComparison.Ordinal);
            Assert.Contains($"To do: {kind.Recommendation}", sections[kind.Id], StringComparison.Ordinal);
        }
    }

    internal static ConfigFindingKind Kind(string id) => ConfigFindingCatalog.All.Single(k => k.Id == id);

    /// <summary>A configuration that has one target and normalises images, with a change.</summary>
    internal static SegConfig Read(string yaml, string id = "")
    {
        SegConfig config = ConfigReader.Parse(yaml, "c.yaml", SegEngine.Catalog, w => Assert.Fail(w));
        if (config.LoaderParameters.TargetSuffix.Length == 0 && id != "TargetMissing")
        {
            config.LoaderParameters.TargetSuffix = ["_seg-manual"];
        }

        if (config.Transformation.All(t => t.Name != "NormalizeInstance") && id != "NotNormalised")
        {
            config.Transformation = [.. config.Transformation, new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] }];
        }

        return config;
    }

    private static IReadOnlyList<SegFinding> Test(SegConfig config) =>
        SegEngine.TestConfig(config, null, Path.GetTempPath(), SilentObserver.Instance, CancellationToken.None);

    private static IReadOnlyList<SegFinding> TestFile(string path) =>
        SegEngine.TestConfig(path, null, Path.GetTempPath(), SilentObserver.Instance, CancellationToken.None);
}
