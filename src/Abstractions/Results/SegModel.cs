namespace MedSeg;

/// <summary>Which participants were used for what. No participant is in two lists.</summary>
/// <param name="Method">Name of the rule, for example <c>participant_id</c>.</param>
/// <param name="Seed">Seed of the draw.</param>
public sealed record SegSplit(
    string Method,
    int Seed,
    IReadOnlyList<string> Training,
    IReadOnlyList<string> Validation,
    IReadOnlyList<string> Test);

/// <summary>One line of a training's history.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="TrainingLoss">Mean over the samples of the epoch.</param>
/// <param name="ValidationLoss">Null without validation images.</param>
/// <param name="ValidationDice">Mean over validation slices and classes where Dice is defined; null when there is none.</param>
/// <param name="LearningRate">In force during the epoch.</param>
/// <param name="Seconds">Wall time of the epoch.</param>
/// <param name="IsBest">True when the validation loss was the lowest so far.</param>
public sealed record SegEpoch(
    int Epoch,
    double TrainingLoss,
    double? ValidationLoss,
    double? ValidationDice,
    double LearningRate,
    double Seconds,
    bool IsBest)
{
    /// <summary>More figures about the validation images; null without them, and in models of earlier versions.</summary>
    public SegValidationMetrics? Metrics { get; init; }
}

/// <summary>What a model answers.</summary>
public enum SegTask
{
    /// <summary>A mask for each class.</summary>
    Segmentation,

    /// <summary>For each slice and class, whether it is there.</summary>
    Classification,
}

/// <summary>A trained, packaged model: its folder and what is known about it. Holds no weights.</summary>
public sealed record SegModel
{
    public required string Name { get; init; }

    /// <summary>Full path of the packaged folder with the ONNX, JSON, safetensors and manifest files; of an ensemble, that with ensemble.json.</summary>
    public required string Path { get; init; }

    /// <summary>The merged configuration it was trained with.</summary>
    public required SegConfig Config { get; init; }

    /// <summary>One name per output channel: the target suffix without its leading underscore.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Masks, or answers about whole slices.</summary>
    public SegTask Task { get; init; }

    /// <summary>One contrast per input channel, in order; empty for a model of one channel, which takes images of any contrast.</summary>
    public IReadOnlyList<string> Contrasts { get; init; } = [];

    public required SegSplit Split { get; init; }

    /// <summary>Full paths of the dataset roots it was trained on.</summary>
    public required IReadOnlyList<string> DatasetRoots { get; init; }

    /// <summary>Full path of the file with patterns by which that dataset was read, or null.</summary>
    public string? DatasetBidsConfig { get; init; }

    /// <summary>False where that dataset has images that do not lie where the standard wants them.</summary>
    public bool DatasetValidated { get; init; } = true;

    public required IReadOnlyList<SegEpoch> History { get; init; }

    public required int BestEpoch { get; init; }

    /// <summary>Lowest validation loss; null without validation images.</summary>
    public required double? BestValidationLoss { get; init; }

    /// <summary>A voxel belongs to a class where its probability is at least this.</summary>
    public required double Threshold { get; init; }

    /// <summary>How the threshold was found; null where it comes from the configuration.</summary>
    public SegThresholdSearch? ThresholdSearch { get; init; }

    public required string Device { get; init; }

    public required TimeSpan WallTime { get; init; }

    /// <summary>SHA-256 of the ONNX file, lower-case hexadecimal; of an ensemble, over those of its members, one a line.</summary>
    public required string Sha256 { get; init; }

    /// <summary>SHA-256 of the packaged classifier of slices; null for a model without <c>filter_classification</c>.</summary>
    public string? ClassifierSha256 { get; init; }

    /// <summary>By what a network with FiLM is modulated; null for other networks.</summary>
    public SegFilm? Film { get; init; }

    /// <summary>
    /// The models of an ensemble, which predicts the mean of their probabilities; empty for a single model. An ensemble has no history
    /// and no best epoch (0) of its own; its loss is the mean of its members', its time their sum.
    /// </summary>
    public IReadOnlyList<SegModel> Members { get; init; } = [];

    /// <summary>The dataset it was trained on, when this object comes straight from training.</summary>
    public BidsDataset? Dataset { get; init; }

    /// <summary>Folder of the run with checkpoints, history and TensorBoard events; null when loaded from elsewhere.</summary>
    public string? RunPath { get; init; }

    public override string ToString() => Name;
}
