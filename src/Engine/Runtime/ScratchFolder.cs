namespace MedSeg.Engine.Runtime;

/// <summary>
/// A folder for files that are of use to this process only, removed when disposed. A file beside it, <c>NAME.lock</c>, is held
/// open for as long as the process lives: a folder whose lock nobody holds was left by a process that was killed, and
/// <see cref="RemoveLeftovers"/> removes it. The lock comes before the folder and goes after it, so there is never a folder without.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string LockExtension = ".lock";
    private const int Attempts = 4;

    private readonly FileStream _lock;

    private ScratchFolder(string path, FileStream handle) => (Path, _lock) = (path, handle);

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Makes a new folder that only this user may read.</summary>
    /// <param name="parent">Full path; made where it is absent, and kept.</param>
    /// <param name="prefix">Start of the folder's name.</param>
    /// <exception cref="SegException"><c>CannotWrite</c> or <c>DiskFull</c>.</exception>
    public static ScratchFolder Create(string parent, string prefix)
    {
        try
        {
            Directory.CreateDirectory(parent);
            for (var attempt = 1; ; attempt++)
            {
                var path = System.IO.Path.Combine(parent, prefix + Guid.NewGuid().ToString("N"));
                if (TryCreate(path, attempt == Attempts) is { } folder)
                    return folder;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw AtomicFile.ErrorOf(parent, error);
        }
    }

    /// <summary>Removes what killed processes have left. What cannot be removed stays and harms nobody.</summary>
    /// <param name="parent">Full path; need not exist.</param>
    /// <param name="prefix">As given to <see cref="Create"/>.</param>
    public static void RemoveLeftovers(string parent, string prefix)
    {
        foreach (var lockPath in Locks(parent, prefix))
        {
            using (var handle = OpenIfFree(lockPath))
            {
                if (handle is null || FileRetry.TryDelete(lockPath[..^LockExtension.Length]) is not null)
                    continue;
            }

            FileRetry.TryDelete(lockPath);
        }
    }

    public void Dispose()
    {
        FileRetry.TryDelete(Path);
        _lock.Dispose();
        FileRetry.TryDelete(_lock.Name);
    }

    /// <summary>
    /// Opening and locking are two steps on Unix. Another process that looks for leftovers may come between them: it then holds
    /// the lock, or has removed the file, and another name is tried.
    /// </summary>
    private static ScratchFolder? TryCreate(string path, bool isLast)
    {
        FileStream handle;
        try
        {
            handle = new FileStream(path + LockExtension, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (PlatformFiles.IsInUse(error) && !isLast)
        {
            return null;
        }

        var folder = new ScratchFolder(path, handle);
        try
        {
            if (!File.Exists(handle.Name) && !isLast)
            {
                folder.Dispose();
                return null;
            }

            CreatePrivate(path);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string[] Locks(string parent, string prefix)
    {
        try
        {
            return Directory.Exists(parent) ? Directory.GetFiles(parent, prefix + "*" + LockExtension) : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Null where a living process or another user has it.</summary>
    private static FileStream? OpenIfFree(string lockPath)
    {
        try
        {
            return new FileStream(lockPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
