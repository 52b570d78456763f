using System.IO.Compression;

namespace MedSeg.Engine.Imaging;

/// <summary>
/// The bytes of one NIfTI file, decompressed on the way when the content is gzip, whatever the name says. Reads forward
/// only and reports damage as errors that name the file.
/// </summary>
internal sealed class NiftiStream : IDisposable
{
    /// <summary>Deflate stores at best 258 bytes in 2 bits, so no byte of a gzip file can stand for more than this.</summary>
    private const long MostBytesPerGzipByte = 1032;

    private readonly FileStream _file;
    private readonly Stream _content;
    private long _position;

    private NiftiStream(string path, FileStream file, bool gzip)
    {
        Path = path;
        IsGzip = gzip;
        _file = file;
        _content = gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        FileLength = file.Length;
    }

    public string Path { get; }

    public bool IsGzip { get; }

    /// <summary>Bytes on the disk.</summary>
    public long FileLength { get; }

    /// <summary>Uncompressed bytes read so far.</summary>
    public long Position => _position;

    /// <summary>The uncompressed content cannot be longer than this.</summary>
    public long MostBytes => IsGzip ? Math.Min(FileLength, long.MaxValue / MostBytesPerGzipByte) * MostBytesPerGzipByte : FileLength;

    public static NiftiStream Open(string path)
    {
        var file = ImageErrors.Open(path, ImageErrors.SmallBuffer);
        try
        {
            Span<byte> start = stackalloc byte[2];
            var gzip = file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start[0] == 0x1f && start[1] == 0x8b;
            file.Position = 0;
            return new NiftiStream(path, file, gzip);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            file.Dispose();
            throw ImageErrors.CannotRead(path, error);
        }
    }

    /// <summary>Fills the buffer as far as the content goes and returns how far that was.</summary>
    /// <exception cref="SegException"><c>NiftiGzipDamaged</c> or <c>ImageCannotRead</c>.</exception>
    public int Read(Span<byte> buffer)
    {
        try
        {
            var count = _content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            _position += count;
            return count;
        }
        catch (InvalidDataException error)
        {
            throw ImageErrors.Invalid("NiftiGzipDamaged", Path, "gzip stream",
                $"is damaged after {_position} uncompressed bytes.", "Fetch or export the file again.", error);
        }
        catch (IOException error)
        {
            throw ImageErrors.CannotRead(Path, error);
        }
    }

    /// <summary>Fills the buffer or throws.</summary>
    /// <exception cref="SegException"><c>NiftiTruncated</c> naming the part of the file that is not there.</exception>
    public void ReadExactly(Span<byte> buffer, string part)
    {
        var count = Read(buffer);
        if (count < buffer.Length)
            throw Truncated(part, buffer.Length - count);
    }

    public SegException Truncated(string part, long missing) => ImageErrors.Invalid("NiftiTruncated", Path, part,
        $"the {(IsGzip ? "compressed " : "")}file ends after {_position} bytes; at least {missing} more are needed.",
        "Fetch or export the file again.");

    /// <summary>Checks that nothing follows the voxels and that the compressed stream ends as it should.</summary>
    /// <exception cref="SegException"><c>NiftiTrailingData</c>, <c>NiftiGzipDamaged</c> or <c>NiftiTruncated</c>.</exception>
    public void ExpectEnd(CancellationToken ct)
    {
        // The read is also what makes the decompressor compare the checksum.
        Span<byte> one = stackalloc byte[1];
        if (Read(one) != 0)
            throw TrailingData("voxels", "there are bytes after the last voxel that the header does not account for.");
        if (IsGzip && !EndsWithLength())
            GzipMembers.Check(Path, ct);
    }

    public void Dispose()
    {
        _content.Dispose();
        _file.Dispose();
    }

    private SegException TrailingData(string field, string problem) => ImageErrors.Invalid("NiftiTrailingData", Path, field, problem,
        "Fetch or export the file again; if it was joined with other data, cut that off.");

    /// <summary>A gzip file of one member ends with the uncompressed length modulo 2³².</summary>
    private bool EndsWithLength()
    {
        using var file = ImageErrors.Open(Path, ImageErrors.SmallBuffer);
        Span<byte> end = stackalloc byte[4];
        file.Position = Math.Max(0, file.Length - 4);
        return file.ReadAtLeast(end, 4, throwOnEndOfStream: false) == 4
            && System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(end) == unchecked((uint)_position);
    }
}
