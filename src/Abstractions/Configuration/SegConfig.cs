namespace MedSeg;

/// <summary>
/// A whole configuration. Properties carry the documented snake_case keys in PascalCase
/// (<c>training_parameters.batch_size</c> is <c>TrainingParameters.BatchSize</c>); <see cref="SegKeyAttribute"/> names the exceptions.
/// </summary>
public sealed class SegConfig
{
    /// <summary>What a configuration file was made for. The cmdlets themselves decide what runs.</summary>
    [SegChoice("train", "test", "segment")]
    public string Command { get; set; } = "train";

    /// <summary>The first is the CUDA device that trains where <c>-Device</c> is Auto and the device is there.</summary>
    [SegRange(0, 1023)]
    public int[] GpuIds { get; set; } = [0];

    /// <summary>Folder of the run where <c>-OutputPath</c> is not given.</summary>
    public string PathOutput { get; set; } = "path_output";

    /// <summary>Name of the packaged model and its folder.</summary>
    public string ModelName { get; set; } = "my_model";

    /// <summary>Pictures in TensorBoard, of mixtures too; version_info.json; keys left at their defaults with -Verbose.</summary>
    public bool Debugging { get; set; }

    /// <summary>Kept for files of the reference toolbox; the run folder has fixed file names.</summary>
    public string LogFile { get; set; } = "log";

    /// <summary>A split shared by the runs of a hyper-parameter search.</summary>
    public string? SplitPath { get; set; }

    /// <summary>Experiment tracking with Weights and Biases; without an API key it is off.</summary>
    public WandbConfig? Wandb { get; set; }

    /// <summary>Which images and labels, and which slices of them.</summary>
    public LoaderConfig LoaderParameters { get; set; } = new();

    /// <summary>Who trains, who validates, who tests.</summary>
    public SplitConfig SplitDataset { get; set; } = new();

    /// <summary>Crop around what another model finds.</summary>
    public ObjectDetectionConfig ObjectDetectionParams { get; set; } = new();

    /// <summary>How training runs.</summary>
    public TrainingConfig TrainingParameters { get; set; } = new();

    /// <summary>The network and its size.</summary>
    public DefaultModelConfig DefaultModel { get; set; } = new();

    /// <summary>A Unet modulated by metadata.</summary>
    [SegKey("FiLMedUnet")]
    [SegOmitDefault]
    public FilmedUnetConfig FilmedUnet { get; set; } = new();

    /// <summary>A Unet with one encoder per contrast that bears missing contrasts.</summary>
    [SegKey("HeMISUnet")]
    [SegOmitDefault]
    public HemisUnetConfig HemisUnet { get; set; } = new();

    /// <summary>The 3D network of Isensee et al. 2017.</summary>
    [SegKey("Modified3DUNet")]
    [SegOmitDefault]
    public Modified3DUnetConfig Modified3DUnet { get; set; } = new();

    /// <summary>Classification of slices with ResNet-18.</summary>
    [SegKey("resnet18")]
    [SegOmitDefault]
    public AppliedConfig Resnet18 { get; set; } = new();

    /// <summary>Classification of slices with DenseNet-121.</summary>
    [SegKey("densenet121")]
    [SegOmitDefault]
    public AppliedConfig Densenet121 { get; set; } = new();

    /// <summary>A fully convolutional network for heat maps.</summary>
    [SegKey("Countception")]
    [SegOmitDefault]
    public CountceptionConfig Countception { get; set; } = new();

    /// <summary>Repeated predictions that measure uncertainty.</summary>
    public UncertaintyConfig Uncertainty { get; set; } = new();

    /// <summary>Steps in the order in which they run.</summary>
    public ComponentConfig[] Postprocessing { get; set; } = [];

    /// <summary>How predictions are compared with references.</summary>
    public EvaluationConfig EvaluationParameters { get; set; } = new();

    /// <summary>Transforms in file order.</summary>
    public TransformConfig[] Transformation { get; set; } = [];

    /// <summary>Image file name to SHA-256 of the images a packaged model was trained on; written by training.</summary>
    [SegKey("training_sha256")]
    [SegOmitDefault]
    public SegMap<string> TrainingSha256 { get; set; } = [];

    public override string ToString() => ModelName;
}
