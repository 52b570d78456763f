using System.Globalization;
using System.Text.Json;

namespace MedSeg.Engine.Packaging;

/// <summary>What an ONNX file says about itself, so that it can be used without the files beside it.</summary>
internal static class OnnxMetadata
{
    /// <summary>Threshold, slice direction and the transforms that apply to new images, as JSON in configuration form.</summary>
    public static IReadOnlyDictionary<string, string> Of(SegConfig config, double threshold) => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["threshold"] = threshold.ToString("R", CultureInfo.InvariantCulture),
        ["slice_axis"] = config.LoaderParameters.SliceAxis,
        ["multichannel"] = config.LoaderParameters.Multichannel ? "true" : "false",
        ["contrasts"] = JsonSerializer.Serialize(config.LoaderParameters.ContrastParams.TrainingValidation),
        ["target_suffix"] = JsonSerializer.Serialize(config.LoaderParameters.TargetSuffix),
        ["preprocessing"] = JsonSerializer.Serialize(config.Transformation
            .Where(t => t.DatasetType.Length == 0 || t.DatasetType.Contains("testing"))
            .Select(t => new { name = t.Name, parameters = t.Parameters })),
    };
}
