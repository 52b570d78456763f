using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>Opens one image or label for the checks. Whatever the file holds becomes part of the answer, never an exception.</summary>
internal static class FileReader
{
    /// <summary>Enough for the marks by which formats are recognised.</summary>
    public const int HeadBytes = 1024;

    /// <summary>Where a picture's own size is not known, lengths don't matter to the checks.</summary>
    private static readonly Dictionary<string, object?> AnyPixelSize =
        new() { ["PixelSize"] = new object?[] { 1.0, 1.0 }, ["PixelSizeUnits"] = "mm" };

    /// <param name="file">The file as planned.</param>
    /// <param name="gate">Bounds the memory for voxels; null leaves them unread.</param>
    public static OpenedFile Open(CheckedFile file, MemoryGate? gate, CancellationToken ct)
    {
        byte[] head = [];

        // An empty file is told by its size; a named pipe looks like one, and opening it would wait for a writer.
        if (file is { LeftOut: true, Size: 0 })
            return new OpenedFile(file, head);
        try
        {
            using (var stream = ImageErrors.Open(file.Path, ImageErrors.SmallBuffer))
                head = ImageBytes.Head(stream, file.Path, HeadBytes);
            var opened = file.IsPicture ? Picture(file, head) : Nifti(file, head);
            return gate is null ? opened : WithVoxels(opened, gate, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new OpenedFile(file, head) { HeaderProblem = Problem(e, file) };
        }
    }

    private static OpenedFile Nifti(CheckedFile file, byte[] head)
    {
        var layout = NiftiReader.ReadHeader(file.Path).Layout;
        return new OpenedFile(WithGeometry(file, layout.Geometry), head) { Nifti = layout, Channels = layout.Channels };
    }

    private static OpenedFile Picture(CheckedFile file, byte[] head)
    {
        var info = ImageFile.ReadInfo(file.Path, PixelSizeOf(file));
        return new OpenedFile(WithGeometry(file, info.Geometry), head) { Channels = info.Channels };
    }

    private static OpenedFile WithVoxels(OpenedFile opened, MemoryGate gate, CancellationToken ct)
    {
        var file = opened.File;
        try
        {
            // Three copies at most: as read, with colours apart, turned to RAS.
            var bytes = 3L * sizeof(float) * file.Geometry!.VoxelCount * opened.Channels;
            var voxels = gate.Run(bytes, () => VoxelSummary.Of(ImageFile.Read(file.Path, PixelSizeOf(file), ct), ct), ct);
            UInt128? mirrored = voxels.Mirrored == voxels.Content ? null : voxels.Mirrored;
            return opened with
            {
                File = voxels.IsConstant ? file : file with { Content = voxels.Content, Mirrored = mirrored },
                Voxels = voxels,
            };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return opened with { VoxelProblem = Problem(e, file) };
        }
    }

    /// <summary>There are 48 orientations, so that each text is kept once.</summary>
    private static CheckedFile WithGeometry(CheckedFile file, VolumeGeometry geometry) =>
        file with { Geometry = geometry, Orientation = string.Intern(Orientation.Codes(geometry.Affine)) };

    private static IReadOnlyDictionary<string, object?> PixelSizeOf(CheckedFile file) =>
        file.Image?.Metadata is { } metadata && metadata.ContainsKey("PixelSize") && metadata.ContainsKey("PixelSizeUnits")
            ? metadata
            : AnyPixelSize;

    private static SegException Problem(Exception e, CheckedFile file) => e as SegException ?? new SegException(
        "ImageUnreadable", SegErrorKind.InvalidData, $"'{file.Path}' can't be read: {e.Message}",
        "Replace the file by an intact one.", file.Path, e);
}
