using static MedSeg.Engine.Configuration.ParameterKind;

namespace MedSeg.Engine.Configuration;

/// <summary>Post-processing steps that a configuration can name.</summary>
public static class KnownComponents
{
    /// <summary>Steps of <c>postprocessing</c>.</summary>
    public static IReadOnlyList<ComponentSpec> PostprocessingSteps { get; } =
    [
        new(
            "binarize_prediction",
            [new("thr", Number, 0.5, -1, 1, Help: "Probabilities from this value on become 1, others 0; below 0 keeps probabilities.")]),
        new("binarize_maxpooling", [], Supported: false),
        new("fill_holes", [], Supported: false),
        new("keep_largest", [], Supported: false),
        new(
            "remove_noise",
            [new("thr", Number, -1.0, -1, 1, Help: "Probabilities up to this value become 0; below 0 is off.")],
            Supported: false),
        new(
            "remove_small",
            [
                new("thr", NumberOrList, 3.0, 0, 1e15, Help: "Objects smaller than this are removed; a list gives one value per class."),
                new("unit", Text, "vox", Choices: ["vox", "mm3"], Help: "Voxels or cubic millimetres."),
            ],
            Supported: false),
        new(
            "uncertainty",
            [
                new("thr", Number, -1.0, -1, 1e15, Help: "Threshold of the uncertainty map; below 0 is off."),
                new("suffix", Text, "_unc-vox.nii.gz", Help: "Which uncertainty map."),
            ],
            Supported: false),
    ];
}
