using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Filters;

/// <summary>
/// Which slices are left out for their region of interest: those where it is empty, or has <c>slice_filter_roi</c> voxels or fewer.
/// </summary>
internal sealed class RoiFilter
{
    private readonly int _atMost;

    private RoiFilter(int atMost) => _atMost = atMost;

    /// <summary>The filter of a part; null when the region plays no role there.</summary>
    /// <param name="part">The region is a label, so that nothing is left out of testing.</param>
    public static RoiFilter? Of(RoiConfig config, string part) =>
        config.Suffix is null || part == DatasetParts.Testing ? null : new RoiFilter(config.SliceFilterRoi ?? 0);

    /// <summary>Decides on one slice.</summary>
    /// <param name="roi">0 outside the region.</param>
    public bool Keeps(ReadOnlySpan<float> roi)
    {
        var count = 0;
        foreach (var value in roi)
            count += value != 0 ? 1 : 0;
        return count > _atMost;
    }
}
