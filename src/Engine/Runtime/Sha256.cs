using System.Security.Cryptography;
using System.Text;

namespace MedSeg.Engine.Runtime;

/// <summary>SHA-256 as 64 lower-case hexadecimal digits.</summary>
public static class Sha256
{
    /// <summary>Hash of a file's content.</summary>
    /// <exception cref="SegException"><c>FileNotFound</c> or <c>CannotRead</c>.</exception>
    public static string OfFile(string path, CancellationToken ct = default)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            return OfStream(stream, ct);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SegException("FileNotFound", SegErrorKind.NotFound, $"'{path}' does not exist.", "Check the path.", path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SegException(
                "CannotRead", SegErrorKind.Resource, $"'{path}' could not be read: {error.Message}", "Check the file's permissions.", path, error);
        }
    }

    /// <summary>Hash of the rest of a stream.</summary>
    public static string OfStream(Stream stream, CancellationToken ct = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 18];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            ct.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Hash of bytes in memory.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Hash of text as UTF-8.</summary>
    public static string OfText(string text) => OfBytes(Encoding.UTF8.GetBytes(text));
}
