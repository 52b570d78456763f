using System.Globalization;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>NaN and infinite voxels.</summary>
internal sealed class NotFiniteCheck : IBidsCheck
{
    public static readonly FindingKind NotFinite = new(
        "NotFinite", FindingSeverity.Warning, "Export the image without NaN; training and prediction read such voxels as 0.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [NotFinite];

    public IEnumerable<BidsFinding> OfFile(OpenedFile file)
    {
        if (file.Voxels is { NotFinite: > 0, FirstNotFinite: var (x, y, z) } voxels)
        {
            yield return file.File.Report(NotFinite, string.Create(
                CultureInfo.InvariantCulture,
                $"has {voxels.NotFinite} of {voxels.Count} voxels that are NaN or infinite, the first at ({x}, {y}, {z}), counted from 0"));
        }
    }
}
