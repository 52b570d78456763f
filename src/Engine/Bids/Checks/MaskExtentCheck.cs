using System.Globalization;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>Labels that mark nothing or nearly everything.</summary>
internal sealed class MaskExtentCheck : IBidsCheck
{
    private const double NearlyAll = 0.9;

    public static readonly FindingKind EmptyMask = new(
        "EmptyMask", FindingSeverity.Warning, "Nothing, if the structure is really absent; else export the label again.");

    public static readonly FindingKind FullMask = new(
        "FullMask", FindingSeverity.Warning, "Check whether object and background were swapped, or whether the file is an image.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [EmptyMask, FullMask];

    public IEnumerable<BidsFinding> OfFile(OpenedFile file)
    {
        if (!file.File.IsLabel || file.Voxels is not { } voxels)
            yield break;
        if (voxels.NotZero == 0)
            yield return file.File.Report(EmptyMask, "marks no voxel");
        else if (voxels.NotZero > NearlyAll * voxels.Count)
        {
            var percent = 100.0 * voxels.NotZero / voxels.Count;
            yield return file.File.Report(FullMask, string.Create(CultureInfo.InvariantCulture, $"marks {percent:0.#} % of all voxels"));
        }
    }
}
