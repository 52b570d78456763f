using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Data;

/// <summary>Reads images and labels and checks that they lie on the same grid.</summary>
internal static class ImageLoader
{
    /// <summary>Reads one image for a network of one channel.</summary>
    /// <exception cref="SegException">An error of the file, <c>ImageNot3D</c> or <c>SliceAxisOf2D</c>.</exception>
    public static Volume ReadImage(
        string path, IReadOnlyDictionary<string, object?>? metadata, SliceAxis axis, Action<string> warn, CancellationToken ct)
    {
        var volume = ImageFile.Read(path, metadata, ct);
        if (volume.Channels != 1)
        {
            throw new SegException(
                "ImageNot3D", SegErrorKind.InvalidData, $"'{path}' has {volume.Channels} channels or time points; one is expected.",
                "Split it into one file per channel, each its own contrast.", path);
        }

        if (axis != SliceAxis.Axial && ImageFile.IsPicture(path))
        {
            throw new SegException(
                "SliceAxisOf2D", SegErrorKind.InvalidArgument, $"loader_parameters.slice_axis: '{path}' is a 2D image and has axial slices only.",
                "Set slice_axis to axial.", path);
        }

        var removed = ReplaceNonFinite(volume.Voxels);
        if (removed > 0)
            warn($"{path} has {removed} voxels that are not finite numbers; they count as 0.");
        return volume;
    }

    /// <summary>The error with the file in its message and as its target, where a kernel that knows no files has thrown it.</summary>
    public static SegException Naming(SegException error, string path) => error.TargetItem is string
        ? error
        : new SegException(error.ErrorId, error.Kind, $"'{path}': {error.Message}", error.Recommendation, path, error);

    /// <summary>Reads a label of an image as fractions 0 … 1.</summary>
    /// <param name="image">Its metadata describe the label's voxels too, where the format needs them.</param>
    /// <param name="soft">Gray labels of 2D images keep fractions.</param>
    /// <exception cref="SegException">An error of the file.</exception>
    public static SliceStack ReadLabel(string path, BidsImage image, SliceAxis axis, bool soft, Action<string> warn, CancellationToken ct)
    {
        var label = ReadImage(path, image.Metadata, axis, warn, ct);
        ToFractions(label.Voxels, ImageFile.IsPicture(path), soft);
        return SliceStack.Of(label, axis);
    }

    /// <summary>How the grid of another file differs from the reference's, as the end of a sentence; null where they agree.</summary>
    /// <param name="referencePath">For the message.</param>
    public static string? Apart(SliceStack reference, SliceStack other, string referencePath)
    {
        VolumeGeometry grid = reference.Ras.Geometry, found = other.Ras.Geometry;
        if (!GridAgreement.SameSize(grid, found))
            return $"is {GridAgreement.Size(found)} voxels (in RAS order) where '{referencePath}' is {GridAgreement.Size(grid)}";
        return GridAgreement.Difference(grid, found) is { } difference
            ? $"lies {difference} (in RAS order) beside '{referencePath}': their affines differ"
            : null;
    }

    /// <summary>The error of a label that does not lie on its image.</summary>
    public static SegException LabelDiffers(string path, string difference) => new(
        "LabelGridDiffers", SegErrorKind.InvalidData, $"The label '{path}' {difference}.",
        "Resample the label onto its image, or correct its header.", path);

    /// <summary>
    /// Labels become 0 … 1: gray values of 2D images are black or white, other values are cut at 1. Fractions stay, because hard
    /// labels are only decided at 0.5 after all interpolation.
    /// </summary>
    private static void ToFractions(float[] voxels, bool isGray, bool soft)
    {
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = isGray
                ? soft ? voxels[i] / 255 : voxels[i] >= 127.5f ? 1 : 0
                : Math.Clamp(voxels[i], 0, 1);
        }
    }

    private static int ReplaceNonFinite(float[] voxels)
    {
        var count = 0;
        for (var i = 0; i < voxels.Length; i++)
        {
            if (!float.IsFinite(voxels[i]))
            {
                voxels[i] = 0;
                count++;
            }
        }

        return count;
    }
}
