namespace MedSeg.Engine.Bids.Checks;

/// <summary>Images of which a good part of the slices is 0 throughout: padding, or an export that stopped half-way.</summary>
internal sealed class ZeroSlicesCheck : IBidsCheck
{
    private const double Share = 0.1;

    public static readonly FindingKind ZeroSlices = new(
        "ZeroSlices", FindingSeverity.Information, "Nothing, if it is padding: filter_empty_input leaves such slices out of training.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [ZeroSlices];

    public IEnumerable<BidsFinding> OfFile(OpenedFile file)
    {
        if (file.File.IsLabel || file.File.Geometry is not { } grid || file.Voxels is not { IsConstant: false } voxels)
            yield break;
        int[] size = [grid.X, grid.Y, grid.Z];
        var axes = Enumerable.Range(0, 3).Where(axis => voxels.ZeroPlanes[axis] >= Math.Max(1, Share * size[axis]))
            .Select(axis => $"{voxels.ZeroPlanes[axis]} of {size[axis]} across {"xyz"[axis]}").ToList();
        if (axes.Count > 0)
            yield return file.File.Report(ZeroSlices, $"has slices that are 0 throughout: {string.Join(", ", axes)} (axes as stored)");
    }
}
