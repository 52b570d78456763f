namespace MedSeg.Engine.Bids.Checks;

/// <summary>Images of one value throughout.</summary>
internal sealed class ConstantImageCheck : IBidsCheck
{
    public static readonly FindingKind ConstantImage = new(
        "ConstantImage", FindingSeverity.Warning, "Export the image again; there is nothing to learn from it.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [ConstantImage];

    public IEnumerable<BidsFinding> OfFile(OpenedFile file)
    {
        if (!file.File.IsLabel && file.Voxels is { IsConstant: true } voxels)
        {
            var value = Names.Number(voxels.Minimum);
            yield return file.File.Report(
                ConstantImage, float.IsNaN(voxels.Minimum) ? "has no finite voxel" : $"has the value {value} in every voxel");
        }
    }
}
