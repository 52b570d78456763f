using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Evaluation;

/// <summary>Reads files as masks.</summary>
internal static class MaskFile
{
    /// <summary>Full scale of pictures: their values go from 0 to 255.</summary>
    private const float FullScale = 255;

    /// <summary>Reads a file with one channel.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pixelSize">As <see cref="PixelSizeOf"/> answers; only pictures use it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="SegException"><c>MaskNotFound</c>, <c>MaskHasChannels</c>, or the errors of images.</exception>
    public static Volume Read(string path, IReadOnlyDictionary<string, object?> pixelSize, CancellationToken cancellationToken)
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

    /// <summary>From which value a voxel of the file belongs to the mask: pictures hold 0 and 255, volumes 0 and 1.</summary>
    public static float ThresholdOf(string path) => ImageFile.IsPicture(path) ? FullScale * Mask.Half : Mask.Half;

    /// <summary>Pixel size, as sidecar values, of the first picture whose own sidecar says it; else 1 mm.</summary>
    public static IReadOnlyDictionary<string, object?> PixelSizeOf(params IEnumerable<string> paths) =>
        KnownPixelSize(paths) ?? Pixel(1, 1, 1);

    /// <summary>Pixel size, as sidecar values, of the first picture whose own sidecar says it; null where none does.</summary>
    public static IReadOnlyDictionary<string, object?>? KnownPixelSize(IEnumerable<string> paths) =>
        paths.Select(OwnPixelSize).FirstOrDefault(size => size is not null);

    private static Dictionary<string, object?>? OwnPixelSize(string path)
    {
        if (!ImageFile.IsPicture(path) || !File.Exists(path))
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
}
