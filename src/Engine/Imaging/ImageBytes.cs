namespace MedSeg.Engine.Imaging;

/// <summary>Whole files for formats that are decoded from memory, or their beginnings.</summary>
internal static class ImageBytes
{
    private const long UsualRatio = 64;

    private const long SmallImage = 1 << 20;

    /// <summary>
    /// Whether a file is so small for its picture that the size in its header may be a lie. Such a file is decoded once without keeping
    /// anything before room is made for the picture.
    /// </summary>
    public static bool IsUnusuallySmall(long fileLength, long pictureBytes) => pictureBytes > SmallImage && pictureBytes / UsualRatio > fileLength;

    /// <summary>The first bytes of an open file, fewer where it ends; the file is then at its start again.</summary>
    /// <exception cref="SegException">ImageCannotRead.</exception>
    public static byte[] Head(FileStream file, string path, int count)
    {
        try
        {
            var bytes = new byte[Math.Min(count, file.Length)];
            var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            file.Position = 0;
            return bytes[..read];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ImageErrors.CannotRead(path, error);
        }
    }

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
