using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Inference;

/// <summary>
/// <c>dataset_description.json</c> of a folder of predictions. Its <c>DatasetLinks</c> say where the datasets of the images are, so
/// that sidecars can name images by BIDS URIs: <c>bids:raw:sub-01/anat/sub-01_T2w.nii.gz</c>.
/// </summary>
internal sealed class DerivativeDescription
{
    public const string FileName = DatasetDescription.FileName;

    private const string Links = "DatasetLinks";
    private const string Raw = "raw";

    private readonly Dictionary<string, string> _names = new(PlatformFiles.PathComparer);

    private DerivativeDescription()
    {
    }

    /// <summary>How this module writes JSON files of datasets.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Makes a folder a derivatives dataset, or adds links to one that is there.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="modelName">For the name of a new dataset.</param>
    /// <param name="roots">Full paths of the datasets whose images are to be predicted.</param>
    /// <exception cref="SegException"><c>OutputIsDataset</c>: the folder holds another kind of dataset. <c>CannotWrite</c>, <c>DiskFull</c>.</exception>
    public static DerivativeDescription Prepare(string folder, string modelName, IEnumerable<string> roots)
    {
        var path = Path.Combine(folder, FileName);
        var isNew = !File.Exists(path);
        var content = isNew ? NewContent(modelName) : ReadDerivative(path);
        var description = new DerivativeDescription();
        if (description.Link(content, roots) || isNew)
            AtomicFile.WriteAllText(path, content.ToJsonString(Json) + "\n");
        return description;
    }

    /// <summary>Refuses a folder that holds another kind of dataset, for files beside which no description is written.</summary>
    /// <exception cref="SegException"><c>OutputIsDataset</c>.</exception>
    public static void RequireNoOther(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path))
            ReadDerivative(path);
    }

    /// <summary>What made a file, for <c>GeneratedBy</c>.</summary>
    public static object[] GeneratedBy() =>
    [
        new Dictionary<string, object>
        {
            ["Name"] = "MedSeg",
            ["Version"] = EngineVersions.All["medseg"],
            ["Dependencies"] = EngineVersions.All.Where(v => v.Key != "medseg").ToDictionary(v => v.Key, v => v.Value),
        },
    ];

    /// <summary>The BIDS URI of an image of a dataset; the file name of any other image.</summary>
    public string SourceOf(PredictionInput input) => input.Image is { } image && _names.TryGetValue(image.Root, out var name)
        ? $"bids:{name}:{string.Join('/', image.RelativePath.Split('/').Select(Uri.EscapeDataString))}"
        : Path.GetFileName(input.Path);

    private static JsonObject NewContent(string modelName) => new()
    {
        ["Name"] = $"Predictions of {modelName}",
        ["BIDSVersion"] = "1.10.0",
        ["DatasetType"] = "derivative",
        ["GeneratedBy"] = JsonSerializer.SerializeToNode(GeneratedBy()),
    };

    /// <summary>A link that is there keeps its name; a new one is called raw, raw2…</summary>
    /// <returns>True when links were added.</returns>
    private bool Link(JsonObject content, IEnumerable<string> roots)
    {
        var links = content[Links] as JsonObject ?? [];
        var added = false;
        foreach (var root in roots.Distinct(PlatformFiles.PathComparer))
        {
            var uri = new Uri(Path.GetFullPath(root)).AbsoluteUri;
            var name = links.FirstOrDefault(link => link.Value is JsonValue value && value.TryGetValue(out string? text) && text == uri).Key;
            if (name is null)
            {
                name = Enumerable.Range(1, links.Count + 1).Select(i => FormattableString.Invariant($"{Raw}{(i == 1 ? "" : i)}")).First(n => !links.ContainsKey(n));
                links[name] = uri;
                added = true;
            }

            _names[root] = name;
        }

        if (added && links.Parent is null)
            content[Links] = links;
        return added;
    }

    private static JsonObject ReadDerivative(string path)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllText(path)) is JsonObject content && content["DatasetType"]?.ToString() == "derivative")
                return content;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw Refused(path, "cannot be read", error);
        }

        throw Refused(path, "says that this folder is not a derivatives dataset", null);
    }

    private static SegException Refused(string path, string what, Exception? inner) => new(
        "OutputIsDataset", SegErrorKind.InvalidArgument, $"'{path}' {what}; predictions are not written into it.",
        "Choose another -OutputPath, for example derivatives/NAME below the dataset.", path, inner);
}
