namespace MedSeg.Engine.Runtime;

/// <summary>
/// Moves and deletes that wait for a virus scanner or an indexer: on Windows they hold new files for a moment, and neither a file
/// nor its folder can then be renamed or removed.
/// </summary>
internal static class FileRetry
{
    private const int Attempts = 8;

    /// <summary>Runs an action again, up to two seconds in all, while it fails only because somebody else holds the file.</summary>
    public static void Run(Action action) => Run(action, PlatformFiles.IsTransient);

    /// <summary>As the other overload, with another judgement of what passes.</summary>
    internal static void Run(Action action, Func<Exception, bool> isTransient)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                action();
                return;
            }
            catch (Exception error) when (attempt < Attempts && isTransient(error))
            {
                Thread.Sleep(15 << attempt);
            }
        }
    }

    /// <summary>Renames a folder.</summary>
    public static void MoveFolder(string from, string to) => Run(() => Directory.Move(from, to));

    /// <summary>Removes a file or a folder with everything in it. What stays is harmless to the caller, so nothing is thrown.</summary>
    /// <returns>Null, or why it is still there.</returns>
    public static string? TryDelete(string path)
    {
        try
        {
            Run(() =>
            {
                if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
                    Directory.Delete(path, recursive: true);
                else
                    File.Delete(path);
            });
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }
}
