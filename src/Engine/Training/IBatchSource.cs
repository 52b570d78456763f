using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Samples;

namespace MedSeg.Engine.Training;

/// <summary>Gives the batches of an epoch, the same ones for the same epoch every time.</summary>
internal interface IBatchSource
{
    /// <summary>For showing progress: an estimate until the first epoch is over.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>The batches from <paramref name="firstBatch"/> on; the caller releases each.</summary>
    /// <param name="epoch">From 1.</param>
    IEnumerable<SampleBatch> Epoch(int epoch, int firstBatch, CancellationToken ct);
}

/// <summary>Batches of a dataset, prepared ahead by worker threads.</summary>
internal sealed class LoaderSource(BatchLoader loader) : IBatchSource
{
    public int BatchesPerEpoch => loader.BatchesPerEpoch;

    public IEnumerable<SampleBatch> Epoch(int epoch, int firstBatch, CancellationToken ct) => loader.Epoch(epoch, firstBatch, ct);
}
