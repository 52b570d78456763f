using System.Globalization;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Values of labels. A mask holds 0 and 1 in a volume, 0 and 255 in a picture; a soft mask anything between. Half of full scale is where
/// a voxel starts to belong to the class.
/// </summary>
internal sealed class MaskValuesCheck : IBidsCheck
{
    private const float PictureScale = 255;

    /// <summary>Share of the marked pixels above which one gray value is a class of its own rather than a smoothed edge.</summary>
    private const double ClassShare = 0.01;

    public static readonly FindingKind MaskNotInteger = new(
        "MaskNotInteger", FindingSeverity.Warning,
        "Check whether the file is an image, or was interpolated; export it as a mask of 0 and 1.");

    public static readonly FindingKind SoftMask = new(
        "SoftMask", FindingSeverity.Information,
        "Set soft_gt: true to train on the values themselves; else voxels from one half on belong to the class.");

    public static readonly FindingKind MaskValues = new(
        "MaskValues", FindingSeverity.Warning,
        "Split a label of several classes into one file per class: a mask tells object from background only.");

    public static readonly FindingKind DarkMask = new(
        "DarkMask", FindingSeverity.Warning, "Store object pixels as 255: below one half of full scale they count as background.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [MaskNotInteger, SoftMask, MaskValues, DarkMask];

    public IEnumerable<BidsFinding> OfFile(OpenedFile file)
    {
        if (!file.File.IsLabel || file.Voxels is not { NotZero: > 0 } voxels)
            return [];
        return file.File.IsPicture ? OfPicture(file.File, voxels) : OfVolume(file.File, voxels);
    }

    private static IEnumerable<BidsFinding> OfVolume(CheckedFile file, VoxelSummary voxels)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"{voxels.Minimum:g6} to {voxels.Maximum:g6}");
        if (voxels.Fractions > 0 && voxels is { Minimum: >= 0, Maximum: <= 1 })
            yield return file.Report(SoftMask, $"has {voxels.Fractions} voxels between 0 and 1");
        else if (voxels.Fractions > 0)
            yield return file.Report(MaskNotInteger, $"has {voxels.Fractions} voxels that are no whole numbers, in a range of {range}");
        else if (voxels is { Minimum: < 0 } or { Maximum: > 1 })
        {
            var values = voxels.Levels is { } levels ? Listed(levels) : $"more than {VoxelSummary.MostLevels} of them, {range}";
            yield return file.Report(MaskValues, $"has values other than 0 and 1: {values}");
        }
    }

    private static IEnumerable<BidsFinding> OfPicture(CheckedFile file, VoxelSummary voxels)
    {
        var grays = voxels.Levels?.Where(l => l.Value is not (0 or PictureScale)).ToList();
        if (voxels.Maximum < PictureScale / 2)
        {
            yield return file.Report(DarkMask, string.Create(
                CultureInfo.InvariantCulture, $"goes up to {voxels.Maximum:g4} of {PictureScale} only, so that it marks no pixel"));
        }
        else if (grays is null)
        {
            yield return file.Report(SoftMask, $"has pixels of more than {VoxelSummary.MostLevels} gray values");
        }
        else if (grays.Any(l => l.Count > ClassShare * voxels.NotZero))
        {
            yield return file.Report(
                MaskValues, $"has gray values between object and background, as of another class: {Listed(voxels.Levels!)}");
        }
        else if (grays.Count > 0)
        {
            yield return file.Report(SoftMask, $"has gray pixels: {Listed(voxels.Levels!)}");
        }
    }

    private static string Listed(IReadOnlyList<(float Value, long Count)> levels) =>
        string.Join(", ", levels.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Value:g6} ({l.Count}×)")));
}
