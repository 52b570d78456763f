using MedSeg.Engine.Data;

namespace MedSeg.Engine.Training;

/// <summary>Gives the batches of an epoch, the same ones for the same epoch every time.</summary>
internal interface IBatchSource
{
    int BatchesPerEpoch { get; }

    /// <summary>The batches from <paramref name="firstBatch"/> on; the caller releases each.</summary>
    /// <param name="epoch">From 1.</param>
    IEnumerable<SliceBatch> Epoch(int epoch, int firstBatch, CancellationToken ct);
}

/// <summary>Batches of a dataset, prepared ahead by worker threads.</summary>
internal sealed class LoaderSource(BatchLoader loader) : IBatchSource
{
    public int BatchesPerEpoch => loader.BatchesPerEpoch;

    public IEnumerable<SliceBatch> Epoch(int epoch, int firstBatch, CancellationToken ct) => loader.Epoch(epoch, firstBatch, ct);
}
