namespace MedSeg;

/// <summary>
/// A whole configuration. Properties carry the documented snake_case keys in PascalCase
/// (<c>training_parameters.batch_size</c> is <c>TrainingParameters.BatchSize</c>); <see cref="SegKeyAttribute"/> names the exceptions.
/// </summary>
public sealed class SegConfig
{
    /// <summary>train, test or segment: what a configuration file is for. The cmdlets themselves decide what runs.</summary>
    public string Command { get; set; } = "train";

    public int[] GpuIds { get; set; } = [0];

    public string PathOutput { get; set; } = "path_output";

    /// <summary>Name of the packaged model and its folder.</summary>
    public string ModelName { get; set; } = "my_model";

    public bool Debugging { get; set; }

    public string LogFile { get; set; } = "log";

    public WandbConfig? Wandb { get; set; }

    public LoaderConfig LoaderParameters { get; set; } = new();

    public SplitConfig SplitDataset { get; set; } = new();

    public ObjectDetectionConfig ObjectDetectionParams { get; set; } = new();

    public TrainingConfig TrainingParameters { get; set; } = new();

    public DefaultModelConfig DefaultModel { get; set; } = new();

    [SegKey("FiLMedUnet")]
    public FilmedUnetConfig FilmedUnet { get; set; } = new();

    [SegKey("HeMISUnet")]
    public HemisUnetConfig HemisUnet { get; set; } = new();

    [SegKey("Modified3DUNet")]
    public Modified3DUnetConfig Modified3DUnet { get; set; } = new();

    [SegKey("resnet18")]
    public AppliedConfig Resnet18 { get; set; } = new();

    [SegKey("densenet121")]
    public AppliedConfig Densenet121 { get; set; } = new();

    [SegKey("Countception")]
    public CountceptionConfig Countception { get; set; } = new();

    public UncertaintyConfig Uncertainty { get; set; } = new();

    /// <summary>Steps in the order in which they run.</summary>
    public ComponentConfig[] Postprocessing { get; set; } = [];

    public EvaluationConfig EvaluationParameters { get; set; } = new();

    /// <summary>Transforms in file order.</summary>
    public TransformConfig[] Transformation { get; set; } = [];

    public override string ToString() => ModelName;
}

/// <summary>The key of a property in files, where it is not the property's name in snake_case.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SegKeyAttribute(string key) : Attribute
{
    public string Key { get; } = key;
}

/// <summary>Allowed numbers of a property; bounds belong to the range unless marked exclusive.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SegRangeAttribute(double minimum, double maximum) : Attribute
{
    public double Minimum { get; } = minimum;

    public double Maximum { get; } = maximum;

    public bool ExclusiveMinimum { get; init; }
}

/// <summary>Allowed words of a property.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SegChoiceAttribute(params string[] choices) : Attribute
{
    public string[] Choices { get; } = choices;
}

/// <summary>A named part with its own parameters: a loss, a scheduler, a step.</summary>
public class ComponentConfig
{
    public ComponentConfig()
    {
    }

    public ComponentConfig(string name, IReadOnlyDictionary<string, object?>? parameters = null)
    {
        Name = name;
        Parameters = parameters is null ? [] : new(parameters, StringComparer.Ordinal);
    }

    public string Name { get; set; } = "";

    /// <summary>Parameter to value as the file gives it: string, bool, long, double, null, object?[] or a nested dictionary.</summary>
    public Dictionary<string, object?> Parameters { get; set; } = [];

    public override string ToString() => Name;
}

/// <summary>A transform and where it applies.</summary>
public sealed class TransformConfig : ComponentConfig
{
    public TransformConfig()
    {
    }

    public TransformConfig(string name, IReadOnlyDictionary<string, object?>? parameters = null)
        : base(name, parameters)
    {
    }

    /// <summary>Some of im, gt, roi; empty means all.</summary>
    public string[] AppliedTo { get; set; } = [];

    /// <summary>Some of training, validation, testing; empty means all.</summary>
    public string[] DatasetType { get; set; } = [];
}

/// <summary>A section that is used when <see cref="Applied"/> is set.</summary>
public class AppliedConfig
{
    public bool Applied { get; set; }
}
