using System.Text.Encodings.Web;
using System.Text.Json;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Inference;

/// <summary>
/// Writes predictions as a BIDS derivatives dataset. Masks are 8-bit NIfTI with 0 and 1 on the grid and with the header of the
/// image, or PNG with 0 and 255 for 2D images; probabilities are float32 NIfTI, unchanged. Each mask has a JSON sidecar.
/// </summary>
internal sealed class PredictionWriter(SegModel model, string outputPath, double threshold, bool soft)
{
    private const string Description = "dataset_description.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Makes the folder a derivatives dataset; refuses a folder that holds another kind of dataset.</summary>
    /// <exception cref="SegException"><c>OutputIsDataset</c>, <c>CannotWrite</c> or <c>DiskFull</c>.</exception>
    public void Begin()
    {
        var path = Path.Combine(outputPath, Description);
        if (File.Exists(path))
        {
            RequireDerivative(path);
            return;
        }

        AtomicFile.WriteAllText(path, Serialize(new Dictionary<string, object>
        {
            ["Name"] = $"Predictions of {model.Name}",
            ["BIDSVersion"] = "1.10.0",
            ["DatasetType"] = "derivative",
            ["GeneratedBy"] = GeneratedBy(),
        }));
    }

    /// <summary>Writes one class of one image.</summary>
    /// <param name="probabilities">K channels on the grid of the image.</param>
    public SegPredictedClass Write(PredictionPaths paths, Volume probabilities, int k)
    {
        var suffix = model.Config.LoaderParameters.TargetSuffix[k];
        var values = probabilities.Channel(k);
        var mask = new float[values.Length];
        long voxels = 0;
        for (var i = 0; i < mask.Length; i++)
        {
            if (values[i] >= threshold)
            {
                mask[i] = 1;
                voxels++;
            }
        }

        var geometry = probabilities.Geometry;
        var path = paths.Mask(suffix);
        if (paths.IsPicture)
            WritePicture(path, mask, geometry);
        else
            NiftiFile.Write(path, new Volume(mask, geometry), NiftiDataType.UInt8, paths.Input.Path);
        if (soft)
            NiftiFile.Write(paths.Probability(suffix), new Volume(values.ToArray(), geometry), NiftiDataType.Float32, paths.Input.Path);
        AtomicFile.WriteAllText(paths.Sidecar(suffix), Serialize(Sidecar(paths, k, geometry)));
        return new SegPredictedClass(
            model.Classes[k], suffix, path, soft ? paths.Probability(suffix) : null,
            paths.Input.Image?.Labels.GetValueOrDefault(suffix), voxels, voxels * geometry.VoxelVolume);
    }

    /// <summary>2D volumes have their rows along x, so a picture is their transpose.</summary>
    private static void WritePicture(string path, float[] mask, VolumeGeometry geometry)
    {
        var (rows, columns) = (geometry.X, geometry.Y);
        var pixels = new byte[mask.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                pixels[(row * columns) + column] = mask[(column * rows) + row] > 0 ? byte.MaxValue : (byte)0;
        }

        PngFile.WriteGray(path, pixels, rows, columns);
    }

    private Dictionary<string, object> Sidecar(PredictionPaths paths, int k, VolumeGeometry geometry)
    {
        var sidecar = Provenance(paths, k);
        if (paths.IsPicture)
        {
            // A PNG has no voxel sizes of its own; metrics take them from here.
            var (rows, columns, depth) = geometry.Spacing;
            sidecar["PixelSize"] = new[] { columns, rows, depth };
            sidecar["PixelSizeUnits"] = "mm";
        }

        return sidecar;
    }

    private Dictionary<string, object> Provenance(PredictionPaths paths, int k) => new()
    {
        ["Description"] = "Voxels whose probability reaches the threshold. Classes are decided one by one and may overlap.",
        ["GeneratedBy"] = GeneratedBy(),
        ["Sources"] = new[] { paths.Input.Image?.RelativePath ?? Path.GetFileName(paths.Input.Path) },
        ["Model"] = new Dictionary<string, object> { ["Name"] = model.Name, ["Sha256"] = model.Sha256 },
        ["Class"] = model.Classes[k],
        ["Threshold"] = threshold,
        ["Probabilities"] = soft ? Path.GetFileName(paths.Probability(model.Config.LoaderParameters.TargetSuffix[k])) : "not written",
    };

    private static object[] GeneratedBy() =>
    [
        new Dictionary<string, object>
        {
            ["Name"] = "MedSeg",
            ["Version"] = EngineVersions.All["medseg"],
            ["Dependencies"] = EngineVersions.All.Where(v => v.Key != "medseg").ToDictionary(v => v.Key, v => v.Value),
        },
    ];

    private static string Serialize(Dictionary<string, object> content) => JsonSerializer.Serialize(content, Json) + "\n";

    private static void RequireDerivative(string path)
    {
        string? type = null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("DatasetType", out var value))
                type = value.ToString();
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Refused(path, "cannot be read", error);
        }

        if (type != "derivative")
            throw Refused(path, "says that this folder is not a derivatives dataset", null);
    }

    private static SegException Refused(string path, string what, Exception? inner) => new(
        "OutputIsDataset", SegErrorKind.InvalidArgument, $"'{path}' {what}; predictions are not written into it.",
        "Choose another -OutputPath, for example derivatives/NAME below the dataset.", path, inner);
}
