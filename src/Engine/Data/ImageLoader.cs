using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Data;

/// <summary>An image as slices with its labels; a class without a file is null.</summary>
internal sealed record LabelledStack(SliceStack Image, SliceStack?[] Labels);

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

        if (axis != SliceAxis.Axial && ImageFile.ExtensionOf(path) is not (".nii" or ".nii.gz" or ".hdr" or ".img"))
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

    /// <summary>Reads an image of a dataset with its labels.</summary>
    /// <param name="suffixes">Target suffix of each class.</param>
    /// <param name="soft">Labels keep fractions.</param>
    /// <exception cref="SegException">An error of a file, or <c>LabelGridDiffers</c>.</exception>
    public static LabelledStack Read(
        BidsImage image, IReadOnlyList<string> suffixes, SliceAxis axis, bool soft, Action<string> warn, CancellationToken ct)
    {
        var volume = ReadImage(image.Path, image.Metadata, axis, warn, ct);
        var stack = SliceStack.Of(volume, axis);
        var labels = new SliceStack?[suffixes.Count];
        for (var k = 0; k < labels.Length; k++)
        {
            if (!image.Labels.TryGetValue(suffixes[k], out var path))
                continue;
            var label = ReadImage(path, image.Metadata, axis, warn, ct);
            ToFractions(label.Voxels, ImageFile.ExtensionOf(path), soft);
            labels[k] = SliceStack.Of(label, axis);
            CheckGrid(stack.Ras.Geometry, labels[k]!.Ras.Geometry, image.Path, path);
        }

        return new LabelledStack(stack, labels);
    }

    private static void CheckGrid(VolumeGeometry image, VolumeGeometry label, string imagePath, string labelPath)
    {
        if (!GridAgreement.SameSize(image, label))
            throw Differs($"is {GridAgreement.Size(label)} voxels (in RAS order) where '{imagePath}' is {GridAgreement.Size(image)}", labelPath);
        if (GridAgreement.Difference(image, label) is { } difference)
            throw Differs($"lies {difference} (in RAS order) beside '{imagePath}': their affines differ", labelPath);
    }

    private static SegException Differs(string what, string labelPath) => new(
        "LabelGridDiffers", SegErrorKind.InvalidData, $"The label '{labelPath}' {what}.",
        "Resample the label onto its image, or correct its header.", labelPath);

    /// <summary>
    /// Labels become 0 … 1: gray values of 2D images are black or white, other values are cut at 1. Fractions stay, because hard
    /// labels are only decided at 0.5 after all interpolation.
    /// </summary>
    private static void ToFractions(float[] voxels, string extension, bool soft)
    {
        var isGray = extension is not (".nii" or ".nii.gz" or ".hdr" or ".img");
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
