using System.Buffers.Binary;
using System.IO.Compression;

namespace MedSeg.Engine.Imaging;

/// <summary>
/// Walks the members of a gzip file (RFC 1952) to tell a file of several members from one that is cut short or followed by
/// other bytes, which .NET's own stream accepts silently. Slow, and only used when the file's last four bytes are not the
/// length of its content.
/// </summary>
internal static class GzipMembers
{
    /// <exception cref="SegException"><c>NiftiTruncated</c> or <c>NiftiTrailingData</c>.</exception>
    public static void Check(string path, CancellationToken ct)
    {
        using var file = ImageErrors.Open(path);
        for (var member = 0; ; member++)
        {
            var start = file.ReadByte();
            if (start < 0)
                return;
            if (start == 0 && member > 0 && OnlyZeros(file))
                return;
            if (start != 0x1f || file.ReadByte() != 0x8b || file.ReadByte() != 8)
            {
                throw ImageErrors.Invalid("NiftiTrailingData", path, "gzip stream",
                    "other bytes follow the end of the compressed stream.", "Fetch or export the file again.");
            }

            if (!SkipHeader(file) || !EndsWell(file, Inflate(file, path, ct)))
            {
                throw ImageErrors.Invalid("NiftiTruncated", path, "gzip stream",
                    "the compressed file is cut short: its checksum and length are missing.", "Fetch or export the file again.");
            }
        }
    }

    /// <summary>Flags, time and the optional fields after the three bytes already read.</summary>
    private static bool SkipHeader(FileStream file)
    {
        var flags = file.ReadByte();
        file.Position += 6;
        if ((flags & 4) != 0)
        {
            var length = file.ReadByte() | (file.ReadByte() << 8);
            if (length < 0)
                return false;
            file.Position += length;
        }

        if ((flags & 8) != 0 && !SkipText(file))
            return false;
        if ((flags & 16) != 0 && !SkipText(file))
            return false;
        if ((flags & 2) != 0)
            file.Position += 2;
        return flags >= 0 && file.Position <= file.Length;
    }

    private static bool SkipText(FileStream file)
    {
        int value;
        do
            value = file.ReadByte();
        while (value > 0);
        return value == 0;
    }

    /// <summary>Decompresses one deflate stream and leaves the file at the byte after it; returns the length of the content.</summary>
    private static long Inflate(FileStream file, string path, CancellationToken ct)
    {
        using var inflate = new DeflateStream(new OneByteStream(file), CompressionMode.Decompress, leaveOpen: true);
        var buffer = new byte[1 << 16];
        long total = 0;
        try
        {
            for (int count; (count = inflate.Read(buffer)) > 0; total += count)
                ct.ThrowIfCancellationRequested();
            return total;
        }
        catch (InvalidDataException error)
        {
            throw ImageErrors.Invalid("NiftiGzipDamaged", path, "gzip stream", "is damaged.", "Fetch or export the file again.", error);
        }
    }

    private static bool EndsWell(FileStream file, long length)
    {
        Span<byte> end = stackalloc byte[8];
        return file.ReadAtLeast(end, 8, throwOnEndOfStream: false) == 8
            && BinaryPrimitives.ReadUInt32LittleEndian(end[4..]) == unchecked((uint)length);
    }

    private static bool OnlyZeros(FileStream file)
    {
        int value;
        do
            value = file.ReadByte();
        while (value == 0);
        return value < 0;
    }

    /// <summary>Gives one byte per read, so that the decompressor never takes more than it needs.</summary>
    private sealed class OneByteStream(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) => inner.Read(buffer[..Math.Min(1, buffer.Length)]);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
