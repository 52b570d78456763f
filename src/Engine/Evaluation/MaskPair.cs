using System.Globalization;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Evaluation;

/// <summary>Two mask files on one grid. The voxel sizes are the prediction's.</summary>
internal sealed record MaskPair(Mask Prediction, Mask Reference, VolumeGeometry Geometry)
{
    /// <summary>How far apart the same corner of both grids may lie, as a part of the smallest voxel size.</summary>
    private const double GridTolerance = 0.1;

    /// <summary>Full scale of pictures: their values go from 0 to 255.</summary>
    private const float FullScale = 255;

    /// <summary>Reads both files.</summary>
    /// <exception cref="SegException">See <see cref="MaskMetrics.Measure(MetricsRequest, CancellationToken)"/>.</exception>
    public static MaskPair Read(string predictionPath, string referencePath, CancellationToken cancellationToken)
    {
        var pixelSize = PixelSizeOf(predictionPath) ?? PixelSizeOf(referencePath) ?? Pixel(1, 1, 1);
        var prediction = ReadMask(predictionPath, pixelSize, cancellationToken);
        var reference = ReadMask(referencePath, pixelSize, cancellationToken);
        RequireSameGrid(predictionPath, prediction.Geometry, referencePath, reference.Geometry);
        return new(ToMask(predictionPath, prediction), ToMask(referencePath, reference), prediction.Geometry);
    }

    private static Volume ReadMask(string path, IReadOnlyDictionary<string, object?> pixelSize, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw new SegException("MaskNotFound", SegErrorKind.NotFound, $"The mask '{path}' does not exist.", "Check the path.", path);
        var volume = ImageFile.Read(path, pixelSize, cancellationToken);
        return volume.Channels == 1
            ? volume
            : throw new SegException(
                "MaskHasChannels", SegErrorKind.InvalidData, $"The mask '{path}' has {volume.Channels} channels.",
                "Store each class in a file of its own with one channel.", path);
    }

    /// <summary>Pictures hold 0 and 255, volumes 0 and 1.</summary>
    private static Mask ToMask(string path, Volume volume) => new(volume.Voxels, IsPicture(path) ? FullScale * Mask.Half : Mask.Half);

    private static bool IsPicture(string path) => ImageFile.ExtensionOf(path) is not (".nii" or ".nii.gz" or ".hdr" or ".img" or "");

    /// <summary>What the picture's own sidecar says; null for volumes and where it says nothing.</summary>
    private static Dictionary<string, object?>? PixelSizeOf(string path)
    {
        if (!IsPicture(path) || !File.Exists(path))
            return null;
        try
        {
            var (rows, columns, depth) = ImageFile.ReadInfo(path).Geometry.Spacing;
            return Pixel(columns, rows, depth);
        }
        catch (SegException e) when (e.ErrorId == "PixelSizeMissing")
        {
            return null;
        }
    }

    private static Dictionary<string, object?> Pixel(double x, double y, double z) =>
        new() { ["PixelSize"] = new object[] { x, y, z }, ["PixelSizeUnits"] = "mm" };

    private static void RequireSameGrid(string predictionPath, VolumeGeometry prediction, string referencePath, VolumeGeometry reference)
    {
        if ((prediction.X, prediction.Y, prediction.Z) != (reference.X, reference.Y, reference.Z))
        {
            throw new SegException(
                "MaskShapeMismatch", SegErrorKind.InvalidData,
                $"The prediction '{predictionPath}' has {Size(prediction)} voxels, the reference '{referencePath}' has {Size(reference)}.",
                "Compare masks of the same image; resample one of them first.", predictionPath);
        }

        var (x, y, z) = prediction.Spacing;
        var apart = LargestCornerDistance(prediction, reference);
        if (apart <= GridTolerance * Math.Min(x, Math.Min(y, z)))
            return;
        throw new SegException(
            "MaskGridMismatch", SegErrorKind.InvalidData,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The prediction '{predictionPath}' and the reference '{referencePath}' lie up to {apart:0.###} mm apart: their affines differ."),
            "Compare masks of the same image; check orientation, origin and voxel sizes in both headers.", predictionPath);
    }

    private static string Size(VolumeGeometry grid) => string.Create(CultureInfo.InvariantCulture, $"{grid.X}×{grid.Y}×{grid.Z}");

    private static double LargestCornerDistance(VolumeGeometry a, VolumeGeometry b)
    {
        var largest = 0.0;
        for (var corner = 0; corner < 8; corner++)
        {
            double[] voxel = [(corner & 1) * (a.X - 1), (corner >> 1 & 1) * (a.Y - 1), (corner >> 2) * (a.Z - 1), 1];
            var squared = 0.0;
            for (var row = 0; row < 3; row++)
            {
                var difference = 0.0;
                for (var column = 0; column < 4; column++)
                    difference += (a.Affine[(4 * row) + column] - b.Affine[(4 * row) + column]) * voxel[column];
                squared += difference * difference;
            }

            largest = Math.Max(largest, Math.Sqrt(squared));
        }

        return largest;
    }
}
