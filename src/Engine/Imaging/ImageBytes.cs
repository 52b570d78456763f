namespace MedSeg.Engine.Imaging;

/// <summary>Whole files for formats that are decoded from memory.</summary>
internal static class ImageBytes
{
    /// <exception cref="SegException">ImageNotFound, ImageCannotRead or ImageTooLarge.</exception>
    public static byte[] ReadAll(string path)
    {
        using var file = ImageErrors.Open(path);
        try
        {
            if (file.Length > Array.MaxLength)
                throw ImageErrors.Unsupported("ImageTooLarge", path, "file", $"{file.Length} bytes.", "Split the image.");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ImageErrors.CannotRead(path, error);
        }
    }
}
