namespace MedSeg;

/// <summary>What Import-BidsDataset asks for.</summary>
/// <param name="Paths">Full paths of dataset roots.</param>
/// <param name="Contrasts">Exact suffixes or <c>acq-x_suffix</c>; empty means all.</param>
/// <param name="TargetSuffixes">Only these labels; empty means all.</param>
/// <param name="Extensions">With dots; empty means every format that can be read.</param>
public sealed record DatasetRequest(
    IReadOnlyList<string> Paths,
    IReadOnlyList<string> Contrasts,
    IReadOnlyList<string> TargetSuffixes,
    IReadOnlyList<string> Extensions)
{
    /// <summary>The label that marks the region of interest, indexed beside the targets; it is no class.</summary>
    public string? RoiSuffix { get; init; }

    /// <summary>Full path of a file with patterns for names beyond the standard (docs/data.md), or null.</summary>
    public string? BidsConfig { get; init; }

    /// <summary>False also takes images with a subject and a suffix that do not lie where the standard wants them.</summary>
    public bool Validate { get; init; } = true;
}

/// <summary>What Test-BidsDataset asks for.</summary>
/// <param name="Paths">Full paths of dataset roots, to be imported whole.</param>
/// <param name="Datasets">Datasets that have been imported already: their images and labels, and the folders they come from.</param>
/// <param name="Deep">Read the voxels of every image and label, too.</param>
/// <param name="MinimumSeverity">Leave out what is less serious.</param>
public sealed record DatasetCheckRequest(
    IReadOnlyList<string> Paths,
    IReadOnlyList<BidsDataset> Datasets,
    bool Deep,
    FindingSeverity MinimumSeverity)
{
    /// <summary>Full path of a file with patterns for names beyond the standard in <see cref="Paths"/>, or null.</summary>
    public string? BidsConfig { get; init; }

    /// <summary>False also takes images of <see cref="Paths"/> that do not lie where the standard wants them.</summary>
    public bool Validate { get; init; } = true;
}

/// <summary>What New-BidsPhantom asks for.</summary>
/// <param name="Path">Full path of the folder to create.</param>
/// <param name="Subjects">Number of subjects, at least 1.</param>
/// <param name="Contrasts">BIDS suffixes, for example T1w and T2w.</param>
/// <param name="Seed">Same seed, same bytes.</param>
/// <param name="Size">Voxels along x, y and z.</param>
public sealed record PhantomRequest(string Path, int Subjects, IReadOnlyList<string> Contrasts, int Seed, IReadOnlyList<int> Size);

/// <summary>What Start-SegTraining asks for.</summary>
/// <param name="Dataset">The images.</param>
/// <param name="Config">Checked before anything starts.</param>
/// <param name="OutputPath">Full path of the run folder; the packaged model lies below it.</param>
/// <param name="Device">auto, cpu, cuda or cuda:N.</param>
/// <param name="Seed">
/// Of weights, shuffling and augmentation (the split has its own in the configuration); null takes 0, or the run's own when it is
/// continued.
/// </param>
/// <param name="Resume">Continue from the checkpoint in the run folder.</param>
public sealed record TrainingRequest(BidsDataset Dataset, SegConfig Config, string OutputPath, string Device, int? Seed, bool Resume)
{
    /// <summary>Full path of the folder against which relative paths in the configuration are meant.</summary>
    public string? Location { get; init; }

    /// <summary>Who trains, validates and tests; null divides the dataset as the configuration says.</summary>
    public SegSplit? Split { get; init; }

    /// <summary>Step between the thresholds that a search tries after training, 0.001 to 0.5; null does not search.</summary>
    public double? ThresholdIncrement { get; init; }

    /// <summary>By what the search chooses; null takes Dice for masks and the ROC for classified images.</summary>
    public SegThresholdCriterion? ThresholdCriterion { get; init; }

    /// <summary>How many validation slices to film over the epochs.</summary>
    public int Films { get; init; }

    /// <summary>With <see cref="Resume"/>: go on with settings that differ from those of the run, where its network allows.</summary>
    public bool Force { get; init; }
}

/// <summary>Which participants of a model's split to predict.</summary>
public enum SegSplitPart
{
    Test,
    Validation,
    Training,
    All,
}

/// <summary>What Invoke-SegPrediction asks for, one model and many images.</summary>
/// <param name="Model">As loaded.</param>
/// <param name="Images">Images to predict; bare files have been wrapped by the caller.</param>
/// <param name="OutputPath">Full path of the derivatives folder to write.</param>
/// <param name="Device">auto, cpu, cuda or cuda:N.</param>
/// <param name="Threshold">0 to 1; null takes the model's.</param>
/// <param name="Soft">Also write the probabilities.</param>
public sealed record PredictionRequest(
    SegModel Model, IReadOnlyList<PredictionInput> Images, string OutputPath, string Device, double? Threshold, bool Soft)
{
    /// <summary>Take slices or volumes whole though the model was trained on patches.</summary>
    public bool WholeSlices { get; init; }

    /// <summary>
    /// What FiLM modulates all images by, over what they say themselves: names as in <see cref="SegFilm.Parts"/> with their values, an
    /// empty name for the only part; null takes it from each image.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Pixels that neighbouring patches share along width, height and, of volumes, depth; null takes the strides of training.</summary>
    public IReadOnlyList<int>? PatchOverlap { get; init; }
}

/// <summary>One image to predict, or the first of several that are the channels of one input.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Image">What the dataset knows about it; null for a bare file.</param>
public sealed record PredictionInput(string Path, BidsImage? Image)
{
    /// <summary>The second and further channels. A model of several channels groups inputs that have none by their names.</summary>
    public IReadOnlyList<PredictionInput> OtherChannels { get; init; } = [];

    /// <summary>Positions (from 0) of the members of an ensemble that predict it; null takes all. Of no meaning for a single model.</summary>
    public IReadOnlyList<int>? Members { get; init; }

    /// <summary>
    /// Contrast of each of <see cref="Channels"/>, where they have been put together for a model that bears missing contrasts; else empty.
    /// </summary>
    public IReadOnlyList<string> Contrasts { get; init; } = [];

    /// <summary>All channels, this one first.</summary>
    public IEnumerable<PredictionInput> Channels => OtherChannels.Prepend(this);
}

/// <summary>One mask to compare with one reference.</summary>
/// <param name="PredictionPath">Full path.</param>
/// <param name="ReferencePath">Full path.</param>
/// <param name="ImageId">Name shown in the result.</param>
/// <param name="Subject">With its prefix, or null.</param>
/// <param name="Contrast">Or null.</param>
/// <param name="Class">Class name.</param>
public sealed record MetricsRequest(
    string PredictionPath, string ReferencePath, string ImageId, string? Subject, string? Contrast, string Class);

/// <summary>One class to draw. At least one of the paths is given.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="PredictionPath">Full path of the mask to tint, or null.</param>
/// <param name="ReferencePath">Full path of the mask to outline, or null.</param>
public sealed record OverlayMask(string Name, string? PredictionPath, string? ReferencePath);

/// <summary>What Export-SegOverlay asks for.</summary>
/// <param name="ImagePath">Full path of the image.</param>
/// <param name="Masks">In the order of their colours.</param>
/// <param name="OutputPath">Full path of the PNG to write.</param>
/// <param name="Plane">axial, coronal or sagittal; pictures have only the axial one.</param>
/// <param name="Slice">Index in the RAS+ volume; null takes the slice with the largest reference, else prediction.</param>
/// <param name="Slices">How many slices to show, spread evenly over those with a mask; ignored when <paramref name="Slice"/> is given.</param>
/// <param name="Crop">Show only the surroundings of the masks.</param>
public sealed record OverlayRequest(
    string ImagePath, IReadOnlyList<OverlayMask> Masks, string OutputPath, string Plane, int? Slice, int Slices, bool Crop);
