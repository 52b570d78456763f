namespace MedSeg.Engine.Bids;

/// <summary>Which file names are images.</summary>
internal static class ImageNames
{
    private static readonly string[] Known = [".nii.gz", ".nii", ".hdr", ".img", ".png", ".tif", ".tiff", ".jpg", ".jpeg"];

    public static IReadOnlyList<string> Extensions => Known;

    public static string ExtensionOf(string name) =>
        Array.Find(Known, e => name.Length > e.Length && name.EndsWith(e, StringComparison.OrdinalIgnoreCase)) ?? string.Empty;

    public static bool IsVolume(string extension) => extension is ".nii" or ".nii.gz" or ".hdr" or ".img";
}
