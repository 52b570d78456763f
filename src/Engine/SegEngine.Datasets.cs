using MedSeg.Engine.Bids;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>Indexes BIDS datasets; nothing is written and no voxel is read.</summary>
    /// <exception cref="SegException"><c>DatasetNotFound</c>: a root is not a folder.</exception>
    public static BidsDataset ImportDataset(DatasetRequest request, ISegObserver observer, CancellationToken ct) =>
        BidsScanner.Scan(request, observer, ct);
}
