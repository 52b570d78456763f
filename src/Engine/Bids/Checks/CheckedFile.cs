using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>An image or label and the little that is kept of it until the end: there may be 100,000.</summary>
internal sealed record CheckedFile
{
    /// <summary>Full path of the dataset.</summary>
    public required string Root { get; init; }

    /// <summary>Below the root, with '/' separators.</summary>
    public required string RelativePath { get; init; }

    /// <summary>The subject whose folder it lies in, with its prefix; empty outside of all.</summary>
    public required string Subject { get; init; }

    /// <summary>Bytes on the disk.</summary>
    public required long Size { get; init; }

    /// <summary>The image itself, or the one that the label is named after; null where there is none.</summary>
    public BidsImage? Image { get; init; }

    /// <summary>
    /// What follows the image's name in a label's, for example <c>_seg-manual</c>; null for images and for labels without image.
    /// </summary>
    public string? TargetSuffix { get; init; }

    /// <summary>The import does not use it: misplaced, misnamed, misfiled, damaged or of another grid.</summary>
    public bool LeftOut { get; init; }

    /// <summary>The import has already said that it can't be used, and why.</summary>
    public bool IsReported { get; init; }

    /// <summary>Size and place of the grid; null before it was opened and when it can't be read.</summary>
    public VolumeGeometry? Geometry { get; init; }

    /// <summary>Directions of the stored axes, for example <c>LAS</c>; empty when it can't be read.</summary>
    public string Orientation { get; init; } = "";

    /// <summary>Of the voxels in RAS order; null unless the check is deep, and for images of one value.</summary>
    public UInt128? Content { get; init; }

    /// <summary>As <see cref="Content"/>, of the voxels from left to right; null, too, where it is the same.</summary>
    public UInt128? Mirrored { get; init; }

    /// <summary>Full path.</summary>
    public string Path => BidsTree.FullPath(Root, RelativePath);

    /// <summary>Lies below <c>derivatives</c>.</summary>
    public bool IsLabel => RelativePath.StartsWith("derivatives/", StringComparison.Ordinal);

    /// <summary>A picture such as PNG, as opposed to NIfTI.</summary>
    public bool IsPicture => !ImageFile.IsNifti(RelativePath);

    /// <summary>Image of the dataset, used by it.</summary>
    public bool IsUsedImage => Image is not null && TargetSuffix is null && !LeftOut;

    public BidsFinding Report(FindingKind kind, string what) => kind.At(Path, $"{RelativePath} {what}.");
}
