using System.Text.Json;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Packaging.Ensembles;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Inference;

/// <summary>
/// Writes predictions as a BIDS derivatives dataset. Masks are 8-bit NIfTI with 0 and 1 on the grid and with the header of the
/// image, or PNG with 0 and 255 for 2D images; probabilities are float32 NIfTI, unchanged. Each mask has a JSON sidecar.
/// </summary>
internal sealed class PredictionWriter(SegModel model, string outputPath, double threshold, bool soft, PatchSettings patches)
{
    private DerivativeDescription? _description;

    /// <summary>Makes the folder a derivatives dataset with links to those of the images; refuses a folder that holds another kind of dataset.</summary>
    /// <exception cref="SegException"><c>OutputIsDataset</c>, <c>CannotWrite</c> or <c>DiskFull</c>.</exception>
    public void Begin(IEnumerable<PredictionInput> inputs) =>
        _description = DerivativeDescription.Prepare(outputPath, model.Name, inputs.Select(input => input.Image?.Root).OfType<string>());

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
            ReferenceLabels.Of(model, paths.Input, k)?.Path, voxels, voxels * geometry.VoxelVolume);
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
        if (paths.Input.Contrasts.Count > 0)
        {
            sidecar["Contrasts"] = paths.Input.Contrasts;
            sidecar["MissingContrasts"] = PredictionGroups.MissingOf(paths.Input, model.Config);
        }

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
        ["GeneratedBy"] = DerivativeDescription.GeneratedBy(),
        ["Sources"] = paths.Input.Channels.Select(_description!.SourceOf).ToArray(),
        ["Model"] = ModelEntry(),
        ["Class"] = model.Classes[k],
        ["Threshold"] = threshold,
        ["Patches"] = patches is { Length: { } length, Stride: { } stride }
            ? new Dictionary<string, object> { ["Length"] = Sides(length), ["Stride"] = Sides(stride) }
            : patches.IsVolume ? "whole volumes" : "whole slices",
        ["Probabilities"] = soft ? Path.GetFileName(paths.Probability(model.Config.LoaderParameters.TargetSuffix[k])) : "not written",
    };

    /// <summary>An ensemble names its members too, each with its folder.</summary>
    private Dictionary<string, object> ModelEntry()
    {
        var entry = new Dictionary<string, object> { ["Name"] = model.Name, ["Sha256"] = model.Sha256 };
        if (model.Members.Count > 0)
        {
            entry["Members"] = model.Members.Select(member => new Dictionary<string, object>
            {
                ["Name"] = EnsembleModel.NameOf(model, member), ["Sha256"] = member.Sha256,
            }).ToArray();
        }

        return entry;
    }

    private int[] Sides(GridSize size) => patches.IsVolume ? [size.H, size.W, size.D] : [size.H, size.W];

    private static string Serialize(Dictionary<string, object> content) => JsonSerializer.Serialize(content, DerivativeDescription.Json) + "\n";
}
