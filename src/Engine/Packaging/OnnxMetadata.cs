using System.Globalization;
using System.Text.Json;

namespace MedSeg.Engine.Packaging;

/// <summary>What an ONNX file says about itself, so that it can be used without the files beside it.</summary>
internal static class OnnxMetadata
{
    /// <summary>Key of the transforms: a JSON list of name and parameters.</summary>
    public const string Preprocessing = "preprocessing";

    /// <summary>Threshold, slice direction and the transforms that apply to new images, as JSON in configuration form.</summary>
    /// <param name="film">What the numbers of the input <c>metadata</c> mean; null without that input.</param>
    public static IReadOnlyDictionary<string, string> Of(SegConfig config, double threshold, SegFilm? film = null)
    {
        SortedDictionary<string, string> texts = Plain(config, threshold);
        if (film is not null) texts["film"] = JsonSerializer.Serialize(film, FilmJson);
        return texts;
    }

    private static JsonSerializerOptions FilmJson { get; } = new(ModelManifest.Json) { WriteIndented = false };

    private static SortedDictionary<string, string> Plain(SegConfig config, double threshold) => new(StringComparer.Ordinal)
    {
        ["threshold"] = threshold.ToString("R", CultureInfo.InvariantCulture),
        ["slice_axis"] = config.LoaderParameters.SliceAxis,
        ["multichannel"] = config.LoaderParameters.Multichannel ? "true" : "false",
        ["contrasts"] = JsonSerializer.Serialize(config.LoaderParameters.ContrastParams.TrainingValidation),
        ["target_suffix"] = JsonSerializer.Serialize(config.LoaderParameters.TargetSuffix),
        [Preprocessing] = JsonSerializer.Serialize(config.Transformation
            .Where(t => (t.DatasetType.Length == 0 || t.DatasetType.Contains("testing")) && (t.AppliedTo.Length == 0 || t.AppliedTo.Contains("im")))
            .Select(t => new { name = t.Name, parameters = t.Parameters })),
    };
}
