namespace MedSeg.Engine.Imaging;

/// <summary>Errors about one file: every message names the file and the field.</summary>
internal static class ImageErrors
{
    /// <summary>Bytes that are read ahead where only the beginning of a file is wanted, and where reads are large anyway.</summary>
    public const int SmallBuffer = 1 << 12;

    private const int LargeBuffer = 1 << 16;

    /// <summary>The content is damaged or not what the name says.</summary>
    public static SegException Invalid(string errorId, string path, string field, string problem, string recommendation, Exception? inner = null) =>
        new(errorId, SegErrorKind.InvalidData, $"'{path}': {field}: {problem}", recommendation, path, inner);

    /// <summary>The content is sound but of a kind that is not read.</summary>
    public static SegException Unsupported(string errorId, string path, string field, string problem, string recommendation) =>
        new(errorId, SegErrorKind.NotSupported, $"'{path}': {field}: {problem}", recommendation, path);

    /// <summary>
    /// Opens a file for one sequential read and turns the system's refusals into errors that name it. Viewers and editors that hold
    /// the file open are no obstacle, whatever they may do to it.
    /// </summary>
    /// <param name="buffer">Bytes to read ahead. They are allocated for each file, and a dataset has many.</param>
    /// <exception cref="SegException"><c>ImageNotFound</c> or <c>ImageCannotRead</c>.</exception>
    public static FileStream Open(string path, int buffer = LargeBuffer)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, buffer, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SegException("ImageNotFound", SegErrorKind.NotFound, $"'{path}' does not exist.", "Check the path.", path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CannotRead(path, error);
        }
    }

    public static SegException CannotRead(string path, Exception error) => new(
        "ImageCannotRead", SegErrorKind.Resource, $"'{path}' could not be read: {error.Message}",
        "Check that it is a file, its permissions, and that no other program holds it.", path, error);
}
