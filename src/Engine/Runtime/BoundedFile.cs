namespace MedSeg.Engine.Runtime;

/// <summary>Reads small files that came from elsewhere, and refuses those that are not small.</summary>
internal static class BoundedFile
{
    /// <summary>All bytes of a file of at most <paramref name="maximum"/> bytes.</summary>
    /// <exception cref="IOException">The file is larger, or can't be read.</exception>
    public static byte[] ReadAllBytes(string path, long maximum)
    {
        // A named pipe has no length; opening it would wait for a writer.
        if (new FileInfo(path).Length == 0)
            return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        if (stream.Length > maximum)
            throw new IOException($"it has {stream.Length} bytes, more than the {maximum} that are read");
        var bytes = new byte[stream.Length];
        var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return count == bytes.Length ? bytes : bytes[..count];
    }
}
