namespace MedSeg.Engine.Imaging;

/// <summary>Reads images of every supported format.</summary>
/// <remarks>
/// NIfTI-1 and -2 (.nii, .nii.gz, .hdr with .img) keep their grid and affine. PNG, TIFF and JPEG become volumes with X = rows,
/// Y = columns, Z = 1 and gray values 0–255 as described in docs/images.md.
/// </remarks>
public static class ImageFile
{
    private static readonly string[] Known =
        [".nii.gz", ".nii", ".hdr", ".img", ".png", ".ome.tiff", ".ome.tif", ".tiff", ".tif", ".jpeg", ".jpg"];

    /// <summary>The extensions that can be read, with their dots, lower case.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. Known.Where(e => !e.StartsWith(".ome", StringComparison.Ordinal))];

    /// <summary>The extension of an image file, with its dots, lower case; empty when it is none. Of OME-TIFF only the name is known.</summary>
    public static string ExtensionOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Array.Find(Known, e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase)) ?? "";
    }

    /// <summary>Reads an image.</summary>
    /// <param name="path">The file; of a pair, either of the two.</param>
    /// <param name="metadata">
    /// The image's merged sidecars: PixelSize and PixelSizeUnits of 2D images. Null takes the JSON file of the same name, if any.
    /// </param>
    /// <param name="ct">Stops between pieces of the file.</param>
    /// <exception cref="SegException">One error that names the file, the field and the remedy (docs/images.md).</exception>
    public static Volume Read(string path, IReadOnlyDictionary<string, object?>? metadata = null, CancellationToken ct = default)
    {
        if (IsNifti(path))
            return NiftiReader.Read(path, ct);
        var image = ExtensionOf(path) switch
        {
            ".png" => PngDecoder.Read(path, ct),
            ".jpg" or ".jpeg" => JpegDecoder.Read(path),
            ".tif" or ".tiff" => TiffDecoder.Read(path, ct),
            _ => throw Unknown(path),
        };
        return image.ToVolume(PixelSize.Of(path, metadata));
    }

    /// <summary>Reads and checks the header only; the cost does not depend on the size of the image.</summary>
    /// <param name="path">The file; of a pair, either of the two.</param>
    /// <param name="metadata">As for <see cref="Read"/>.</param>
    /// <exception cref="SegException">As <see cref="Read"/>, for what the header shows.</exception>
    public static ImageInfo ReadInfo(string path, IReadOnlyDictionary<string, object?>? metadata = null)
    {
        if (IsNifti(path))
        {
            var (layout, findings) = NiftiReader.ReadHeader(path);
            return new(path, layout.Geometry, layout.Channels, layout.Type.Name, Orientation.Codes(layout.Geometry.Affine), findings);
        }

        var info = ExtensionOf(path) switch
        {
            ".png" => PngDecoder.ReadInfo(path),
            ".jpg" or ".jpeg" => JpegDecoder.ReadInfo(path),
            ".tif" or ".tiff" => TiffDecoder.ReadInfo(path),
            _ => throw Unknown(path),
        };
        var geometry = GrayImage.Geometry(info.Height, info.Width, PixelSize.Of(path, metadata));
        return new(path, geometry, 1, info.DataType, Orientation.Codes(geometry.Affine), info.Findings);
    }

    internal static bool IsNifti(string path) => ExtensionOf(path) is ".nii" or ".nii.gz" or ".hdr" or ".img";

    /// <summary>The name has the ending of an image that is no NIfTI file.</summary>
    internal static bool IsPicture(string path) => ExtensionOf(path).Length > 0 && !IsNifti(path);

    private static SegException Unknown(string path) => ExtensionOf(path) is ".ome.tif" or ".ome.tiff"
        ? ImageErrors.Unsupported(
            "OmeTiffUnsupported", path, "file name",
            "an OME-TIFF keeps channels, slices and time points as pages whose order only its own XML tells; it is not read.",
            "Export one plain TIFF, PNG or NIfTI file per channel.")
        : UnknownFormat(path);

    private static SegException UnknownFormat(string path) => new(
        "ImageFormatUnknown", SegErrorKind.InvalidArgument, $"'{path}': file name: '{Path.GetExtension(path)}' is not an image format that can be read.",
        $"Use one of {string.Join(", ", Extensions)}.", path);
}
