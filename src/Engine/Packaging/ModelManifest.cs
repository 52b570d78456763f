using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedSeg.Engine.Packaging;

/// <summary>
/// <c>manifest.json</c> of a packaged model: what the other files are, with their hashes, and where the model comes from.
/// Loading trusts none of it before the hashes have been checked.
/// </summary>
internal sealed record ModelManifest
{
    public const string FileName = "manifest.json";

    /// <summary>Version of this layout.</summary>
    public const int CurrentFormat = 1;

    public const string Segmentation = "segmentation", Classification = "classification";

    public required int Format { get; init; }

    /// <summary>Name of the model and its folder.</summary>
    public required string Name { get; init; }

    /// <summary>One name per output channel.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>segmentation or classification.</summary>
    public string Task { get; init; } = Segmentation;

    /// <summary>One contrast per input channel, in order; empty for models of one channel.</summary>
    public IReadOnlyList<string> Contrasts { get; init; } = [];

    /// <summary>A voxel belongs to a class where its probability is at least this.</summary>
    public required double Threshold { get; init; }

    public required ModelFiles Files { get; init; }

    public required SegSplit Split { get; init; }

    /// <summary>Full paths of the dataset roots on the machine that trained.</summary>
    public required IReadOnlyList<string> DatasetRoots { get; init; }

    /// <summary>Full path of the file with patterns by which that dataset was read, or null.</summary>
    public string? DatasetBidsConfig { get; init; }

    /// <summary>False where that dataset has images that do not lie where the standard wants them.</summary>
    public bool DatasetValidated { get; init; } = true;

    /// <summary>Name to version of the programs that made the model.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public required TrainingProvenance Training { get; init; }

    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}

/// <summary>The files of a model.</summary>
/// <param name="Onnx">The network for prediction.</param>
/// <param name="Config">The merged configuration.</param>
/// <param name="Weights">The weights as safetensors.</param>
/// <param name="Classifier">The classifier of <c>filter_classification</c>; null without that filter.</param>
/// <param name="Film">The categories of FiLM; null for a network that is not modulated.</param>
internal sealed record ModelFiles(
    ModelFile Onnx,
    ModelFile Config,
    ModelFile Weights,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ModelFile? Classifier = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ModelFile? Film = null)
{
    [JsonIgnore]
    public IReadOnlyList<ModelFile> All => [.. new[] { Onnx, Config, Weights, Classifier, Film }.OfType<ModelFile>()];
}

/// <summary>A file of the package.</summary>
/// <param name="Name">Plain file name, in the same folder as the manifest.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
internal sealed record ModelFile(string Name, long Bytes, string Sha256);

/// <summary>How the model was trained.</summary>
internal sealed record TrainingProvenance
{
    public required long Seed { get; init; }

    /// <summary>cpu, cuda:0…</summary>
    public required string Device { get; init; }

    /// <summary>When training ended.</summary>
    public required DateTimeOffset Finished { get; init; }

    /// <summary>Training time in seconds, over all sittings.</summary>
    public required double WallSeconds { get; init; }

    public required int BestEpoch { get; init; }

    /// <summary>Null without validation images.</summary>
    public required double? BestValidationLoss { get; init; }

    /// <summary>SHA-256 over names and sizes of the training and validation files.</summary>
    public required string Data { get; init; }

    public required IReadOnlyList<SegEpoch> History { get; init; }

    /// <summary>The model that training began with; null for one that began with weights of its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TransferRecord? Transfer { get; init; }

    /// <summary>What was changed while the training was under way; empty for most.</summary>
    public IReadOnlyList<TrainingChange> Changes { get; init; } = [];

    /// <summary>How the threshold was found; null where it comes from the configuration.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SegThresholdSearch? ThresholdSearch { get; init; }
}

/// <summary>A setting that a resumed training no longer shared with its beginning.</summary>
/// <param name="Epoch">The first epoch with the new setting.</param>
/// <param name="Difference">"key: then → now".</param>
internal sealed record TrainingChange(int Epoch, string Difference);
