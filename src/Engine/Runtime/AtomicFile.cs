using System.Text;

namespace MedSeg.Engine.Runtime;

/// <summary>
/// Files that appear whole or not at all: content goes to a new file in the same folder, is flushed to the disk, and then
/// takes the final name in one rename. A reader never sees half a file, and a failure leaves what was there before.
/// </summary>
public static class AtomicFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a file through a callback; missing folders are created.</summary>
    /// <param name="path">Final path; a symbolic link is followed, so that the link stays.</param>
    /// <param name="write">Fills the stream. Its own exceptions pass through unchanged, except a full disk.</param>
    /// <exception cref="SegException"><c>DiskFull</c> or <c>CannotWrite</c>.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string? temporary = null;
        try
        {
            var target = Guard(path, () => Prepare(path));
            temporary = $"{target}.{Guid.NewGuid():N}.tmp";
            using (var stream = Guard(path, () => new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16)))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            Guard(path, () => FileRetry.Run(() => File.Move(temporary, target, overwrite: true)));
        }
        catch (IOException error) when (PlatformFiles.IsDiskFull(error))
        {
            Discard(temporary);
            throw DiskFull(path, error);
        }
        catch
        {
            Discard(temporary);
            throw;
        }
    }

    /// <summary>Writes bytes.</summary>
    /// <exception cref="SegException"><c>DiskFull</c> or <c>CannotWrite</c>.</exception>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        Write(path, stream => stream.Write(copy));
    }

    /// <summary>Writes text as UTF-8 without byte order mark; line ends are taken as they are.</summary>
    /// <exception cref="SegException"><c>DiskFull</c> or <c>CannotWrite</c>.</exception>
    public static void WriteAllText(string path, string text) => Write(path, stream => stream.Write(Utf8.GetBytes(text)));

    private static string Prepare(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw CannotWrite(path, "a folder has this name", null);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    private static void Guard(string path, Action action) => Guard(path, () =>
    {
        action();
        return 0;
    });

    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw ErrorOf(path, error);
        }
    }

    /// <summary>What an error of the operating system at writing means to a user: <c>DiskFull</c> or <c>CannotWrite</c>.</summary>
    internal static SegException ErrorOf(string path, Exception error) => error is IOException io && PlatformFiles.IsDiskFull(io)
        ? DiskFull(path, error)
        : CannotWrite(path, error.Message, error);

    /// <summary>Removes the unfinished file. A leftover is harmless, so failing to remove it must not hide the first error.</summary>
    private static void Discard(string? temporary)
    {
        if (temporary is not null)
            FileRetry.TryDelete(temporary);
    }

    private static SegException DiskFull(string path, Exception inner) => new(
        "DiskFull", SegErrorKind.Resource, $"'{path}' could not be written: the disk or the quota is full.",
        "Free some space or choose another output folder; what was there before is unchanged.", path, inner);

    private static SegException CannotWrite(string path, string reason, Exception? inner) => new(
        "CannotWrite", SegErrorKind.Resource, $"'{path}' could not be written: {reason.TrimEnd('.')}.",
        "Check the folder's permissions, that the file is not open in another program, and that the path is valid.", path, inner);
}
