using System.Globalization;
using System.Text.Json;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Data;
using MedSeg.Engine.Packaging.Ensembles;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Packaging;

/// <summary>
/// Reads packaged models: a folder with <c>NAME.onnx</c>, <c>NAME.json</c>, <c>NAME.safetensors</c> and <c>manifest.json</c>. A folder
/// may come from anywhere, so names, sizes and hashes are checked before any content is believed.
/// </summary>
public static class ModelPackage
{
    /// <summary>The file that tells a run folder from any other.</summary>
    internal const string RunMark = "history.jsonl";

    /// <summary>After the model's name, of the classifier of slices.</summary>
    internal const string ClassifierEnding = ".classifier.onnx";

    private const long LargestManifestBytes = 1L << 26;

    /// <summary>A hundred years.</summary>
    private const double LongestSeconds = 100 * 365.25 * 24 * 3600;

    /// <summary>Loads a model.</summary>
    /// <param name="path">Full path of the folder or of the manifest in it.</param>
    /// <param name="catalog">For reading the configuration.</param>
    /// <param name="warn">Told about oddities in the configuration.</param>
    /// <exception cref="SegException"><c>ModelNotFound</c>, <c>ModelDamaged</c>, <c>ModelTooNew</c> or an error of the configuration.</exception>
    public static SegModel Load(string path, ComponentCatalog catalog, Action<string> warn, CancellationToken ct = default)
    {
        string folder = FolderOf(path);
        ModelManifest manifest = ReadManifest(folder);
        foreach (ModelFile file in manifest.Files.All) Verify(folder, file, ct);
        SegConfig config = ConfigReader.Read(FilePath(folder, manifest.Files.Config), catalog, warn);
        RequireAgreement(FilePath(folder, manifest.Files.Config), manifest, config);
        return ToModel(folder, manifest, config, FilmOf(folder, manifest, config));
    }

    /// <summary>By what the model in a folder is modulated, before anything else of it is checked; null without FiLM.</summary>
    /// <exception cref="SegException"><c>ModelDamaged</c>.</exception>
    internal static SegFilm? PeekFilm(string folder)
    {
        if (!Directory.Exists(folder)) return null;
        string? path = Directory.EnumerateFiles(folder, "*" + FilmFile.Ending).Order(StringComparer.Ordinal).FirstOrDefault();
        return path is null ? null : ReadFilm(path);
    }

    /// <summary>True when a folder holds a packaged model, damaged or not.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, ModelManifest.FileName));

    /// <summary>Full path of the ONNX file of a loaded model.</summary>
    public static string OnnxPath(SegModel model) => Path.Combine(model.Path, model.Name + ".onnx");

    /// <summary>Full path of one file of a package; its content is what the manifest says.</summary>
    /// <param name="path">Full path of the folder.</param>
    /// <param name="file">Chooses the file.</param>
    /// <exception cref="SegException"><c>ModelNotFound</c>, <c>ModelDamaged</c> or <c>ModelTooNew</c>.</exception>
    internal static string Verified(string path, Func<ModelFiles, ModelFile> file, CancellationToken ct = default)
    {
        string folder = FolderOf(path);
        ModelFile chosen = file(ReadManifest(folder).Files);
        Verify(folder, chosen, ct);
        return FilePath(folder, chosen);
    }

    /// <summary>Full path of the classifier of slices of a loaded model that has one.</summary>
    public static string ClassifierPath(SegModel model) => Path.Combine(model.Path, model.Name + ClassifierEnding);

    /// <summary>Full path of the weights of a loaded model.</summary>
    public static string WeightsPath(SegModel model) => Path.Combine(model.Path, model.Name + ".safetensors");

    /// <summary>The error of a file that is not what it was when the model was loaded.</summary>
    internal static SegException Changed(string path) => new(
        "ModelDamaged", SegErrorKind.InvalidData, $"'{path}' is not the file that the model was packaged with (its SHA-256 differs).",
        "Copy the model folder again, or load it again with Get-SegModel.", path);

    internal static SegModel ToModel(string folder, ModelManifest manifest, SegConfig config, SegFilm? film) => new()
    {
        Name = manifest.Name,
        Path = folder,
        Config = config,
        Classes = manifest.Classes,
        Task = manifest.Task == ModelManifest.Classification ? SegTask.Classification : SegTask.Segmentation,
        Contrasts = manifest.Contrasts,
        Split = manifest.Split,
        DatasetRoots = manifest.DatasetRoots,
        DatasetBidsConfig = manifest.DatasetBidsConfig,
        DatasetValidated = manifest.DatasetValidated,
        History = manifest.Training.History,
        BestEpoch = manifest.Training.BestEpoch,
        BestValidationLoss = manifest.Training.BestValidationLoss,
        Threshold = manifest.Threshold,
        ThresholdSearch = manifest.Training.ThresholdSearch,
        Device = manifest.Training.Device,
        WallTime = TimeSpan.FromSeconds(manifest.Training.WallSeconds),
        Sha256 = manifest.Files.Onnx.Sha256,
        ClassifierSha256 = manifest.Files.Classifier?.Sha256,
        Film = film,
        RunPath = RunPathOf(folder),
    };

    private static string FolderOf(string path)
    {
        string folder = Path.GetFileName(path) == ModelManifest.FileName && File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path;
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Exists(folder)) return folder;
        string? below = Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).FirstOrDefault(Exists) : null;
        throw new SegException(
            "ModelNotFound",
            SegErrorKind.NotFound,
            $"'{path}' is not a packaged model: it has no {ModelManifest.FileName}.",
            File.Exists(Path.Combine(folder, EnsembleManifest.FileName)) ? "It holds an ensemble: give the folder of one of its members where a single model is needed."
            : below is null ? "Give the folder that Start-SegTraining named in its output." : $"The model is in '{below}'.",
            path);
    }

    private static ModelManifest ReadManifest(string folder)
    {
        string path = Path.Combine(folder, ModelManifest.FileName);
        try
        {
            if (new FileInfo(path).Length > LargestManifestBytes) throw Damaged(path, "it is too large for a manifest");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            RequireFormat(path, document.RootElement);
            ModelManifest manifest = document.Deserialize<ModelManifest>(ModelManifest.Json) ?? throw Damaged(path, "it is empty");
            RequireSound(path, manifest);
            return manifest;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Damaged(path, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegException("CannotRead", SegErrorKind.Resource, $"'{path}' could not be read: {e.Message}", "Check the file's permissions.", path, e);
        }
    }

    private static void RequireFormat(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out JsonElement value)
            || value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int format))
        {
            throw Damaged(path, "it has no format number");
        }

        if (format == ModelManifest.CurrentFormat) return;
        throw new SegException("ModelTooNew", SegErrorKind.NotSupported,
            string.Create(CultureInfo.InvariantCulture, $"'{path}' has format {format}; this version reads format {ModelManifest.CurrentFormat}."),
            "Update MedSeg.", path);
    }

    private static void RequireSound(string path, ModelManifest manifest)
    {
        if (manifest.Task is not (ModelManifest.Segmentation or ModelManifest.Classification)) throw Damaged(path, $"'{manifest.Task}' is no task of a model");
        if (manifest.Classes.Count == 0) throw Damaged(path, "it names no class");
        SegSplit split = manifest.Split;
        if (manifest.Classes.Concat(manifest.DatasetRoots).Concat(split.Training).Concat(split.Validation).Concat(split.Test).Any(string.IsNullOrEmpty))
            throw Damaged(path, "a name in classes, dataset_roots or split is empty");
        if (manifest.Training.History.Any(epoch => epoch is null)) throw Damaged(path, "an epoch of its history is empty");
        if (manifest.Training.ThresholdSearch?.Points.Any(point => point is null) == true) throw Damaged(path, "a point of its threshold search is empty");
        if (manifest.Training.WallSeconds is not (>= 0 and <= LongestSeconds)) throw Damaged(path, "wall_seconds is no duration of a training");
        if (manifest.Threshold is not (>= 0 and <= 1)) throw Damaged(path, "its threshold is not between 0 and 1");
        if (!ModelName.IsValid(manifest.Name)) throw Damaged(path, $"'{manifest.Name}' cannot be the name of a model");
        RequireName(path, manifest.Files.Onnx, manifest.Name + ".onnx");
        RequireName(path, manifest.Files.Config, manifest.Name + ".json");
        RequireName(path, manifest.Files.Weights, manifest.Name + ".safetensors");
        if (manifest.Files.Classifier is { } classifier) RequireName(path, classifier, manifest.Name + ClassifierEnding);
        if (manifest.Files.Film is { } film) RequireName(path, film, manifest.Name + FilmFile.Ending);
    }

    /// <summary>A configuration without contrasts has no channels that could agree.</summary>
    private static IReadOnlyList<string> ChannelsOf(SegConfig config) =>
        config.LoaderParameters is { Multichannel: true, ContrastParams.TrainingValidation.Length: 0 } ? ["none"] : ChannelGroups.Contrasts(config);

    /// <summary>One suffix per class. They become parts of the names of predictions, which must not lead out of their folder.</summary>
    private static void RequireAgreement(string path, ModelManifest manifest, SegConfig config)
    {
        string[] suffixes = config.LoaderParameters.TargetSuffix;
        if (Array.Find(suffixes, suffix => !TargetSuffixRule.IsValid(suffix)) is { } odd)
            throw Damaged(path, $"loader_parameters.target_suffix '{odd}' has other characters than {TargetSuffixRule.Allowed}");
        if (suffixes.Length != manifest.Classes.Count)
        {
            throw Damaged(path, string.Create(CultureInfo.InvariantCulture,
                $"loader_parameters.target_suffix names {suffixes.Length} classes where the manifest names {manifest.Classes.Count}"));
        }

        if (!manifest.Contrasts.SequenceEqual(ChannelsOf(config), StringComparer.Ordinal))
            throw Damaged(path, $"its channels are not those of the manifest ({string.Join(", ", manifest.Contrasts)})");
    }

    private static SegFilm? FilmOf(string folder, ModelManifest manifest, SegConfig config)
    {
        if (manifest.Files.Film is not { } file) return null;
        string path = FilePath(folder, file);
        SegFilm film = ReadFilm(path);
        return film.Metadata == config.FilmedUnet.Metadata ? film
            : throw Damaged(path, $"it is about '{film.Metadata}', the configuration about '{config.FilmedUnet.Metadata}'");
    }

    private static SegFilm ReadFilm(string path)
    {
        try
        {
            return FilmFile.Read(path);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Damaged(path, e.Message, e);
        }
    }

    /// <summary>Only plain names derived from a plain model name: a manifest cannot point out of its folder.</summary>
    private static void RequireName(string path, ModelFile file, string expected)
    {
        if (file.Name != expected)
            throw Damaged(path, $"it names the file '{file.Name}' where '{expected}', without any folder, is expected");
    }

    private static void Verify(string folder, ModelFile file, CancellationToken ct)
    {
        string path = FilePath(folder, file);
        var info = new FileInfo(path);
        if (!info.Exists) throw Damaged(path, "it is missing");
        if (info.LinkTarget is not null) throw Damaged(path, "it is a link");
        if (info.Length != file.Bytes)
            throw Damaged(path, string.Create(CultureInfo.InvariantCulture, $"it has {info.Length} bytes where the manifest says {file.Bytes}"));
        if (Sha256.OfFile(path, ct) != file.Sha256) throw Damaged(path, "its content is not what the manifest's SHA-256 says");
    }

    private static string FilePath(string folder, ModelFile file) => Path.Combine(folder, file.Name);

    private static string? RunPathOf(string folder) =>
        Path.GetDirectoryName(folder) is { } parent && File.Exists(Path.Combine(parent, RunMark)) ? parent : null;

    private static SegException Damaged(string path, string reason, Exception? inner = null) => new(
        "ModelDamaged", SegErrorKind.InvalidData, $"The model file '{path}' is damaged: {reason.TrimEnd('.')}.",
        "Copy the whole model folder again from where it was trained, or train again.", path, inner);
}
