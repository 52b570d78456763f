using MedSeg.Engine.Configuration;
using MedSeg.Engine.Data;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Packaging;

/// <summary>What goes into a package besides the files.</summary>
internal sealed record ModelContent(
    SegConfig Config,
    IReadOnlyList<string> Classes,
    SegSplit Split,
    BidsDataset Dataset,
    TrainingProvenance Training)
{
    /// <summary>The classifier of <c>filter_classification</c>, or null.</summary>
    public byte[]? Classifier { get; init; }

    /// <summary>By what the network is modulated, or null.</summary>
    public SegFilm? Film { get; init; }
}

/// <summary>
/// Writes a packaged model. The folder is built under a temporary name and renamed, so a packaged model is whole or absent.
/// Weights and ONNX hold no times or paths: the same run gives the same bytes.
/// </summary>
internal static class ModelPackageWriter
{
    private const double DefaultThreshold = 0.5;

    /// <summary>Packages a network.</summary>
    /// <param name="folder">Full path of the folder to create; it must not exist.</param>
    /// <param name="network">With the weights to ship, on the CPU, in evaluation mode.</param>
    public static SegModel Write(string folder, SegNetwork network, ModelContent content)
    {
        string temporary = $"{folder}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(temporary);
            ModelManifest manifest = Fill(temporary, network, content);
            FileRetry.MoveFolder(temporary, folder);
            return ModelPackage.ToModel(folder, manifest, content.Config, content.Film);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.ErrorOf(folder, e);
        }
        finally
        {
            // What stays is removed by the next training in the run folder; it must not hide the error that led here.
            if (Directory.Exists(temporary)) FileRetry.TryDelete(temporary);
        }
    }

    /// <summary>The threshold that a configuration asks for, 0.5 when it asks for none or for soft output.</summary>
    public static double ThresholdOf(SegConfig config) =>
        config.Postprocessing.FirstOrDefault(step => step.Name == "binarize_prediction")?.Parameters.GetValueOrDefault("thr") switch
        {
            double value and >= 0 and <= 1 => value,
            long value and >= 0 and <= 1 => value,
            int value and >= 0 and <= 1 => value,
            _ => DefaultThreshold,
        };

    private static ModelManifest Fill(string folder, SegNetwork network, ModelContent content)
    {
        string name = content.Config.ModelName;
        string onnx = Path.Combine(folder, name + ".onnx"), config = Path.Combine(folder, name + ".json");
        string weights = Path.Combine(folder, name + ".safetensors");
        double threshold = ThresholdOf(content.Config);
        AtomicFile.WriteAllBytes(onnx, OnnxExporter.Export(network, new OnnxModelInfo(name, content.Classes, OnnxMetadata.Of(content.Config, threshold, content.Film))));
        ConfigWriter.Write(content.Config, config);
        Safetensors.Write(weights, Safetensors.StateOf(network), new Dictionary<string, string> { ["model_name"] = name });
        string? classifier = content.Classifier is null ? null : Path.Combine(folder, name + ModelPackage.ClassifierEnding);
        if (classifier is not null) AtomicFile.WriteAllBytes(classifier, content.Classifier!);
        string? film = content.Film is null ? null : Path.Combine(folder, name + FilmFile.Ending);
        if (film is not null) AtomicFile.WriteAllText(film, FilmFile.ToJson(content.Film!));
        var manifest = new ModelManifest
        {
            Format = ModelManifest.CurrentFormat,
            Name = name,
            Classes = content.Classes,
            Task = network.Task == NetworkTask.Classification ? ModelManifest.Classification : ModelManifest.Segmentation,
            Contrasts = ChannelGroups.Contrasts(content.Config),
            Threshold = threshold,
            Files = new(Describe(onnx), Describe(config), Describe(weights), classifier is null ? null : Describe(classifier), film is null ? null : Describe(film)),
            Split = content.Split,
            DatasetRoots = content.Dataset.Roots,
            DatasetBidsConfig = content.Dataset.BidsConfig,
            DatasetValidated = content.Dataset.Validated,
            Versions = EngineVersions.All,
            Training = content.Training,
        };
        AtomicFile.WriteAllText(Path.Combine(folder, ModelManifest.FileName), System.Text.Json.JsonSerializer.Serialize(manifest, ModelManifest.Json) + "\n");
        return manifest;
    }

    private static ModelFile Describe(string path) => new(Path.GetFileName(path), new FileInfo(path).Length, Sha256.OfFile(path));
}
