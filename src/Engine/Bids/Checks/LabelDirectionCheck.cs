using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Labels whose axes run otherwise than their image's: either told apart by their affine, which is fine, or mirrored by it.
/// </summary>
internal sealed class LabelDirectionCheck : IBidsCheck
{
    private const double NearlyParallel = 0.9;

    public static readonly FindingKind LabelMirrored = new(
        "LabelMirrored", FindingSeverity.Error,
        "Find out by eye whether the voxels or the affine are wrong, then copy the image's affine to the label or mirror its voxels.");

    public static readonly FindingKind LabelStoredOtherwise = new(
        "LabelStoredOtherwise", FindingSeverity.Information,
        "Nothing here; tools that ignore affines would see the label mirrored or turned.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [LabelMirrored, LabelStoredOtherwise];

    public IEnumerable<BidsFinding> OfSubject(IReadOnlyList<CheckedFile> files)
    {
        foreach (var (label, image) in LabelPairs.Of(files))
        {
            var (grid, other) = (image.Geometry!, label.Geometry!);
            if (LabelPairs.Agree(grid, other))
            {
                if (label.Orientation != image.Orientation)
                {
                    yield return label.Report(
                        LabelStoredOtherwise,
                        $"is stored with axes toward {label.Orientation} where its image has {image.Orientation}; "
                        + "their affines make up for it");
                }
            }
            else if (GridAgreement.SameSize(grid, other) && Flipped(grid, other) is { Count: > 0 } axes)
            {
                yield return label.Report(
                    LabelMirrored,
                    $"has its image's size, but its affine runs the other way along {string.Join(" and ", axes)} "
                    + $"({label.Orientation}, image {image.Orientation}) and does not cover the same place: label or affine is mirrored");
            }
        }
    }

    /// <summary>Names of the stored axes that run against the image's; none when any axis points elsewhere altogether.</summary>
    private static List<string> Flipped(VolumeGeometry grid, VolumeGeometry other)
    {
        var flipped = new List<string>();
        for (var axis = 0; axis < 3; axis++)
        {
            double dot = 0, a = 0, b = 0;
            for (var row = 0; row < 3; row++)
            {
                var (x, y) = (grid.Affine[(4 * row) + axis], other.Affine[(4 * row) + axis]);
                (dot, a, b) = (dot + (x * y), a + (x * x), b + (y * y));
            }

            var cosine = dot / Math.Sqrt(a * b);
            if (Math.Abs(cosine) < NearlyParallel)
                return [];
            if (cosine < 0)
                flipped.Add("xyz"[axis].ToString());
        }

        return flipped;
    }
}
