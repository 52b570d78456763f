using System.Buffers.Binary;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Compressed images that are cut short or longer than their header says, without decompressing them: a gzip file ends with the length of
/// its content modulo 2³² (RFC 1952). A deep check reads everything and needs no such sign.
/// </summary>
internal sealed class GzipLengthCheck : IBidsCheck
{
    private const byte ExtraField = 4;

    public static readonly FindingKind GzipLength = new(
        "GzipLength", FindingSeverity.Warning,
        "Run Test-BidsDataset with -Deep to be sure; a file that was cut short must be fetched again.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [GzipLength];

    public IEnumerable<BidsFinding> OfFile(OpenedFile file)
    {
        if (file is not { Nifti: { } layout, Voxels: null, VoxelProblem: null, Head: [0x1F, 0x8B, _, var flags, ..] })
            yield break;

        // Block-wise compression marks itself by an extra field and ends with an empty block.
        if ((flags & ExtraField) != 0 || LastWord(file.File.Path) is not { } length)
            yield break;
        var expected = layout.DataOffset + (layout.Samples * layout.Type.BytesPerSample);
        if (length != unchecked((uint)expected))
        {
            yield return file.File.Report(
                GzipLength,
                $"ends as if its content had {length} bytes where its header needs {expected}: "
                + "it is cut short, longer, or made of several parts");
        }
    }

    private static uint? LastWord(string path)
    {
        try
        {
            using var stream = ImageErrors.Open(path);
            Span<byte> end = stackalloc byte[4];
            stream.Position = Math.Max(0, stream.Length - 4);
            return stream.ReadAtLeast(end, 4, throwOnEndOfStream: false) == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(end) : null;
        }
        catch (Exception e) when (e is SegException or IOException)
        {
            // The file could be opened a moment ago; a check that comes too late has nothing to say.
            return null;
        }
    }
}
