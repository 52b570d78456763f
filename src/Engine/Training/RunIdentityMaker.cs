using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Data.Film;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Training;

/// <summary>Says what a run is, from its request.</summary>
internal static class RunIdentityMaker
{
    /// <summary>Keys that have no influence on the model.</summary>
    private static readonly string[] Neutral = ["command", "gpu_ids", "path_output", "debugging", "log_file", "wandb", "training_sha256"];

    /// <summary>Such keys of <c>loader_parameters</c>.</summary>
    private static readonly string[] NeutralOfLoader = ["cache_memory_mb", "cache_disk_mb", "cache_path"];

    /// <summary>Such keys of <c>training_parameters</c>.</summary>
    private static readonly string[] NeutralOfTraining = ["checkpoint_every_minutes"];

    private const string RetrainHash = "retrain_sha256";

    /// <param name="images">The training and validation images, in their order.</param>
    /// <param name="classifierSha256">Of the classifier of slices, or null.</param>
    /// <param name="film">What FiLM modulates by, or null.</param>
    /// <param name="retrainSha256">Of the weights that training begins with, or null.</param>
    public static RunIdentity Make(
        SegConfig config, long seed, SegSplit split, IEnumerable<BidsImage> images, string? classifierSha256 = null, FilmPlan? film = null,
        string? retrainSha256 = null)
    {
        JsonObject json = JsonNode.Parse(ConfigWriter.ToJson(config))!.AsObject();
        foreach (string key in Neutral) json.Remove(key);
        foreach (string key in NeutralOfLoader) (json["loader_parameters"] as JsonObject)?.Remove(key);
        foreach (string key in NeutralOfTraining) (json["training_parameters"] as JsonObject)?.Remove(key);
        if (classifierSha256 is not null && json["loader_parameters"]?["slice_filter_params"] is JsonObject filters)
            filters["classifier_sha256"] = classifierSha256;
        if (film is not null && json["FiLMedUnet"] is JsonObject modulation) modulation["learnt"] = FilmOf(film);
        if (retrainSha256 is not null && TransferOf(json) is { } transfer) transfer[RetrainHash] = retrainSha256;
        return new RunIdentity(json, seed, split, HashOf(images));
    }

    /// <summary>The categories, and which image has which: both come from tables and sidecars, whose changes no image shows.</summary>
    private static JsonObject FilmOf(FilmPlan film)
    {
        JsonObject json = JsonNode.Parse(FilmFile.ToJson(film.Film))!.AsObject();
        IEnumerable<float[]> rows = film.Training.Rows.Concat(film.Validation.Rows);
        json["images"] = Sha256.OfText(string.Join('\n', rows.Select(row => string.Join(',', row.Select(number => number.ToString(CultureInfo.InvariantCulture))))));
        return json;
    }

    /// <summary>
    /// The identity of a run that goes on after its <c>retrain_model</c> has been deleted: its hash is taken on trust, because the checkpoints
    /// hold the weights.
    /// </summary>
    public static RunIdentity WithHashOfGoneModel(RunIdentity now, RunIdentity then)
    {
        if (TransferOf(now.Config) is not { } transfer || transfer["retrain_model"] is null || transfer[RetrainHash] is not null) return now;
        if (TransferOf(then.Config)?[RetrainHash] is not { } hash) return now;
        JsonNode config = now.Config.DeepClone();
        TransferOf(config)![RetrainHash] = hash.DeepClone();
        return now with { Config = config };
    }

    private static JsonObject? TransferOf(JsonNode config) => config["training_parameters"]?["transfer_learning"] as JsonObject;

    /// <summary>Names and sizes: cheap, and enough to notice added, removed and replaced files.</summary>
    private static string HashOf(IEnumerable<BidsImage> images)
    {
        var text = new StringBuilder();
        foreach (BidsImage image in images)
        {
            Add(text, image.RelativePath, image.Path);
            foreach (var (suffix, path) in image.Labels.OrderBy(l => l.Key, StringComparer.Ordinal)) Add(text, suffix, path);
        }

        return Sha256.OfText(text.ToString());
    }

    private static void Add(StringBuilder text, string name, string path) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}\t{(File.Exists(path) ? new FileInfo(path).Length : -1)}\n");
}
