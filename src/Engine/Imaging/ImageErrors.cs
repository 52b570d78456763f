namespace MedSeg.Engine.Imaging;

/// <summary>Errors about one file: every message names the file and the field.</summary>
internal static class ImageErrors
{
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
    /// <exception cref="SegException"><c>ImageNotFound</c> or <c>ImageCannotRead</c>.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);
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
