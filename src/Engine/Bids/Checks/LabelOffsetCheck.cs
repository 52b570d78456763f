using System.Globalization;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>Labels that lie a little beside their image: close enough to be used, but not where they were drawn.</summary>
internal sealed class LabelOffsetCheck : IBidsCheck
{
    /// <summary>In voxels; below it is rounding.</summary>
    private const double Noticeable = 0.05;

    public static readonly FindingKind LabelOffset = new(
        "LabelOffset", FindingSeverity.Information,
        "Copy the image's affine to the label if it was drawn on this image; it is used voxel by voxel.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [LabelOffset];

    public IEnumerable<BidsFinding> OfSubject(IReadOnlyList<CheckedFile> files)
    {
        foreach (var (label, image) in LabelPairs.Of(files).Where(p => LabelPairs.Agree(p.Image.Geometry!, p.Label.Geometry!)))
        {
            var apart = GridAgreement.Largest(LabelPairs.InRas(image.Geometry!), LabelPairs.InRas(label.Geometry!));
            if (apart.Max() > Noticeable)
            {
                yield return label.Report(LabelOffset, string.Create(
                    CultureInfo.InvariantCulture,
                    $"lies up to {apart[0]:0.##}, {apart[1]:0.##}, {apart[2]:0.##} voxels beside its image (right, anterior, superior)"));
            }
        }
    }
}
