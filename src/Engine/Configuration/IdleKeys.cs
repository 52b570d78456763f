using MedSeg.Engine.Configuration.Checks;

namespace MedSeg.Engine.Configuration;

/// <summary>Keys of the reference toolbox that are read and kept, so that files travel, and do nothing here.</summary>
internal static class IdleKeys
{
    /// <summary>One key without effect.</summary>
    /// <param name="Key">Key path.</param>
    /// <param name="Value">The value, where somebody may expect it to do something; else null.</param>
    /// <param name="Advice">What happens instead.</param>
    public sealed record IdleKey(string Key, Func<SegConfig, string?> Value, string Advice);

    /// <summary>All of them; the documentation marks these keys.</summary>
    public static IReadOnlyList<IdleKey> Table { get; } =
    [
        new("command", c => c.Command == "train" ? null : c.Command, "Start-SegTraining trains; Invoke-SegPrediction segments images."),
        new("log_file", c => c.LogFile == new SegConfig().LogFile ? null : c.LogFile, "The run folder has files of fixed names."),
        new(
            "default_model.length_3D",
            c => c.DefaultModel.Length3D.Length > 0 && new ConfigFacts(c) is not { IsVolume: true, Patch.Section: "default_model" } ? "a list" : null,
            "Slices are cut by length_2D, and volumes of an applied Modified3DUNet by the length_3D of its section."),
        new(
            "loader_parameters.target_contrast",
            c => c.LoaderParameters.Multichannel ? null : c.LoaderParameters.TargetContrast,
            "Without multichannel every image has its own labels."),
        new(
            "default_model.stride_3D",
            c => c.DefaultModel is { Stride3D.Length: > 0, Length3D.Length: 0 } ? "a list" : null,
            "Without length_3D there are no patches."),
        new("Countception.use_logits", c => c.Countception.UseLogits ? "true" : null, "Each target has one map of values."),
        new(
            "Countception.logits_per_output",
            c => c.Countception.LogitsPerOutput == new CountceptionConfig().LogitsPerOutput ? null : Describe.Number(c.Countception.LogitsPerOutput),
            "Each target has one map of values."),
        new("HeMISUnet.ram", c => Hemis(c)?.Ram == false ? "false" : null, "loader_parameters.cache_memory_mb says how much memory samples may take."),
        new("HeMISUnet.path_hdf5", c => Hemis(c)?.PathHdf5, "Samples are made from the images, so that no intermediate file is needed."),
        new("HeMISUnet.csv_path", c => Hemis(c)?.CsvPath, "Samples are made from the images, so that no intermediate table is needed."),
        new(
            "HeMISUnet.target_lst",
            c => Hemis(c)?.TargetLst is { } contrasts ? string.Join(", ", contrasts) : null,
            "Labels of all contrasts count; loader_parameters.target_contrast chooses one."),
        new(
            "HeMISUnet.roi_lst",
            c => Hemis(c)?.RoiLst is { } contrasts ? string.Join(", ", contrasts) : null,
            "The region of interest is that of roi_params, of any contrast; loader_parameters.target_contrast chooses one."),
        new("HeMISUnet.name", _ => null, "Nothing is named by it."),
        new(
            "evaluation_parameters.object_detection_metrics",
            c => c.EvaluationParameters.ObjectDetectionMetrics ? null : "false",
            "Detection of single objects is not measured in any case."),
    ];

    private static HemisUnetConfig? Hemis(SegConfig config) => config.HemisUnet.Applied ? config.HemisUnet : null;

    /// <summary>Each key that a configuration sets in vain, its value and what happens instead.</summary>
    public static IEnumerable<(string Key, string Value, string Advice)> UsedBy(SegConfig config) =>
        from key in Table
        let value = key.Value(config)
        where value is not null
        select (key.Key, value, key.Advice);
}
