namespace MedSeg.Engine.Configuration;

/// <summary>
/// Names and forms of earlier versions of the format, as one table: where it was, where it is now, and how the value changes.
/// </summary>
internal static class LegacyNames
{
    private static readonly string[] Contrasts = ["contrasts.train_validation", "contrasts.training_validation", "contrast_params.train_validation"];

    private static readonly string[] TestContrasts = ["contrasts.test", "contrasts.testing", "contrast_params.test"];

    /// <summary>In the order in which they are applied.</summary>
    public static IReadOnlyList<LegacyName> Table { get; } =
    [
        new("gpu", "gpu_ids", LegacyValues.AsList),
        new("log_directory", "path_output"),
        new("UNet3D", "Modified3DUNet"),
        new("Modified3DUNet.attention_unet", "Modified3DUNet.attention"),
        new("default_model.name", "default_model.name", LegacyValues.NetworkName),
        new("HeMISUnet.hdf5_path", "HeMISUnet.path_hdf5"),
        new("FiLMedUnet.metadata", "FiLMedUnet.metadata", LegacyValues.FilmMetadata),
        new("command", "command", LegacyValues.Command),
        new("loader_parameters.bids_path", "loader_parameters.path_data"),
        .. Contrasts.Select(old => new LegacyName($"loader_parameters.{old}", "loader_parameters.contrast_params.training_validation")),
        .. TestContrasts.Select(old => new LegacyName($"loader_parameters.{old}", "loader_parameters.contrast_params.testing")),
        new("loader_parameters.contrasts.balance", "loader_parameters.contrast_params.balance"),
        new("loader_parameters.slice_filter", "loader_parameters.slice_filter_params"),
        new("loader_parameters.roi", "loader_parameters.roi_params"),
        new("loader_parameters.roi_suffix", "loader_parameters.roi_params.suffix"),
        new("loader_parameters.soft_input", "loader_parameters.soft_gt"),
        new("split_dataset.method", "split_dataset.data_testing.data_type", LegacyValues.SplitMethod, "per_patient, per_center"),
        new("split_dataset.center_test", "split_dataset.data_testing.data_value", LegacyValues.CenterTest),
        new("training_parameters.scheduler_lr", "training_parameters.scheduler.lr_scheduler"),
        new("training_parameters.scheduler.scheduler_lr", "training_parameters.scheduler.lr_scheduler"),
        new("training_parameters.balance_samples", "training_parameters.balance_samples.applied", LegacyValues.OnlyBoolean),
        new("default_model.batch_norm_momentum", "default_model.bn_momentum"),
        new("default_model.drop_rate", "default_model.dropout_rate"),
        new("default_model.use_logits", "Countception.use_logits"),
        new("default_model.logits_per_output", "Countception.logits_per_output"),
        new("default_model.relu", "default_model.final_activation", LegacyValues.Relu),
        new("postprocessing.binarize_prediction", "postprocessing.binarize_prediction.thr", LegacyValues.PlainThreshold),
        new("testing_parameters.binarize_prediction", "postprocessing.binarize_prediction.thr", LegacyValues.Threshold),
        new("binarize_prediction", "postprocessing.binarize_prediction.thr", LegacyValues.Threshold),
        new("testing_parameters.uncertainty", "uncertainty"),
        new("evaluation_parameters.targetSize", "evaluation_parameters.target_size"),
        new("evaluation_parameters.removeSmall", "postprocessing.remove_small"),
        new("postprocessing.threshold_uncertainty", "postprocessing.uncertainty"),
        new("transformation.CenterCrop2D", "transformation.CenterCrop"),
        new("transformation.ROICrop2D", "transformation.ROICrop"),
        new("transformation.AdditionGaussianNoise", "transformation.AdditiveGaussianNoise"),
        new("transformation.Clage", "transformation.Clahe"),
        new("transformation.RandomRotation", "transformation.RandomAffine"),
        new("transformation.RandomTranslation", "transformation.RandomAffine"),
    ];

    /// <summary>Keys that say nothing any more, and why. <c>*</c> stands for every key of an object.</summary>
    public static IReadOnlyList<(string Path, string Why)> Dropped { get; } =
    [
        ("transformation.NumpyToTensor", "conversion is always the last step"),
        ("transformation.*.preprocessing", "which transforms run at load time follows from their name"),
        ("loader_parameters.target_ground_truth", "it never had an effect"),
        ("loader_parameters.target_sessions", "it never had an effect"),
        ("training_parameters.scheduler.lr_scheduler.base_lr", "only CyclicLR uses it; CosineAnnealingLR takes eta_min"),
        ("training_parameters.scheduler.lr_scheduler.max_lr", "only CyclicLR uses it; CosineAnnealingLR takes eta_min"),
    ];

    /// <summary>Copies of other keys that the reference toolbox writes into saved files.</summary>
    public static IReadOnlyList<string> Derived { get; } =
    [
        "object_detection_params.gpu", "object_detection_params.gpu_ids",
        "object_detection_params.log_directory", "object_detection_params.path_output",
        "loader_parameters.contrast_params.contrast_lst", "loader_parameters.metadata_type",
        "loader_parameters.model_params", "loader_parameters.object_detection_params",
        "default_model.folder_name", "default_model.in_channel", "default_model.out_channel",
        "default_model.film_onehotencoder", "default_model.n_metadata",
    ];

    /// <summary>Sections of networks, whose keys earlier versions laid over <c>default_model</c>.</summary>
    public static IReadOnlyList<string> NetworkSections { get; } =
        ["FiLMedUnet", "HeMISUnet", "Modified3DUNet", "resnet18", "densenet121", "Countception"];

    /// <summary>Sections that only held renamed keys: removed when nothing is left in them.</summary>
    public static IReadOnlyList<string> EmptySections { get; } =
        ["testing_parameters", "loader_parameters.contrasts"];
}

/// <summary>One renamed key.</summary>
/// <param name="Old">Key path in older files.</param>
/// <param name="New">Key path now.</param>
/// <param name="Change">How the value changes; see <see cref="LegacyValues"/>. Null keeps it.</param>
/// <param name="Values">The values that it had, where these were few.</param>
internal sealed record LegacyName(string Old, string New, Func<ConfigNode, LegacyContext, LegacyValue>? Change = null, string? Values = null);

/// <summary>What a conversion may look at.</summary>
internal sealed record LegacyContext(ConfigMap Root);

/// <summary>What becomes of an old value.</summary>
/// <param name="Node">The new value; null drops the key.</param>
/// <param name="Changed">False: the value was not of the old form and stays where it is.</param>
/// <param name="Note">Said instead of the usual sentence.</param>
internal sealed record LegacyValue(ConfigNode? Node, bool Changed = true, string? Note = null)
{
    /// <summary>The value is not of the old form.</summary>
    public static LegacyValue Keep { get; } = new(null, Changed: false);
}
