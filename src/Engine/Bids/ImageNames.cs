using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids;

/// <summary>Which file names are images.</summary>
internal static class ImageNames
{
    /// <summary>The extension of an image, lower case; empty for other files. Of a .hdr/.img pair the .hdr is the image.</summary>
    public static string ExtensionOf(string name) => ImageFile.ExtensionOf(name) is var extension && extension is ".img" ? string.Empty : extension;

    /// <summary>Of files that differ in the extension only, those of the smallest number are preferred.</summary>
    public static int TwinOrder(string extension) => extension switch
    {
        ".nii" or ".nii.gz" or ".hdr" => 1,
        ".ome.tif" or ".ome.tiff" => 2,
        _ => 0,
    };
}
