using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Data;

/// <summary>
/// Makes batches on worker threads ahead of the consumer. Order and augmentation depend on (seed, epoch, sample) only, so the
/// number of workers never changes a batch. Without shuffling the epoch does not count either: every epoch gives the same
/// batches, so that validation losses can be compared.
/// </summary>
public sealed class BatchLoader : IDisposable
{
    private readonly SliceDataset _dataset;
    private readonly int _batchSize;
    private readonly bool _shuffle;
    private readonly long _seed;
    private readonly int _workers;
    private readonly int _prefetch;
    private readonly BatchPool _pool = new();
    private EpochRun? _current;
    private bool _disposed;

    /// <summary>Prepares a loader; nothing runs before <see cref="Epoch"/> is enumerated.</summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="batchSize">Samples per batch; the last batch of an epoch may have fewer.</param>
    /// <param name="shuffle">Draw a new order each epoch.</param>
    /// <param name="seed">Of order and augmentation.</param>
    /// <param name="workers">Threads; 0 makes each batch when it is asked for.</param>
    /// <param name="prefetch">Most batches that wait for the consumer.</param>
    public BatchLoader(SliceDataset dataset, int batchSize, bool shuffle, long seed, int workers = 2, int prefetch = 4)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        ArgumentOutOfRangeException.ThrowIfLessThan(prefetch, 1);
        (_dataset, _batchSize, _shuffle, _seed, _workers, _prefetch) = (dataset, batchSize, shuffle, seed, workers, prefetch);
    }

    public int BatchesPerEpoch => (_dataset.Count + _batchSize - 1) / _batchSize;

    /// <summary>Arrays that wait in the pool; for tests of leaks.</summary>
    internal int PooledArrays => _pool.Count;

    /// <summary>The batches of one epoch in order. One epoch of a loader can be enumerated at a time.</summary>
    /// <param name="epoch">Any number; the same number gives the same batches.</param>
    /// <param name="firstBatch">Batches before this are left out, for training that is resumed within an epoch.</param>
    /// <param name="ct">Stops the workers and the enumeration.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public IEnumerable<SliceBatch> Epoch(int epoch, int firstBatch = 0, CancellationToken ct = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        return Enumerate(epoch, firstBatch, ct);
    }

    public void Dispose()
    {
        _disposed = true;
        _current?.Dispose();
        _current = null;
        _pool.Clear();
    }

    private IEnumerable<SliceBatch> Enumerate(int epoch, int firstBatch, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var order = Order(epoch);
        if (_workers == 0)
        {
            for (var b = firstBatch; b < BatchesPerEpoch; b++)
            {
                ct.ThrowIfCancellationRequested();
                yield return Make(order, epoch, b);
            }

            yield break;
        }

        if (_current is not null)
            throw new InvalidOperationException("Another epoch of this loader is still being enumerated.");
        using var run = _current = new EpochRun(
            firstBatch, BatchesPerEpoch, Math.Min(_workers, BatchesPerEpoch), _prefetch, b => Make(order, epoch, b), ct);
        try
        {
            while (run.Next() is { } batch)
                yield return batch;
        }
        finally
        {
            _current = null;
        }
    }

    private int[] Order(int epoch)
    {
        const long orderKey = -1;
        if (_shuffle)
            return new RandomStream(_seed, epoch, orderKey).Permutation(_dataset.Count);
        return [.. Enumerable.Range(0, _dataset.Count)];
    }

    private SliceBatch Make(int[] order, int epoch, int batch)
    {
        var first = batch * _batchSize;
        var count = Math.Min(_batchSize, order.Length - first);
        var plane = _dataset.Height * _dataset.Width;
        var input = _pool.Rent(count * _dataset.Channels * plane);
        var target = _pool.Rent(count * _dataset.Classes * plane);
        var origins = new SliceOrigin[count];
        for (var i = 0; i < count; i++)
        {
            var sample = order[first + i];
            origins[i] = _dataset.Origins[sample];
            _dataset.Fill(
                sample,
                new RandomStream(_seed, _shuffle ? epoch : 0, sample),
                input.AsSpan(i * _dataset.Channels * plane, _dataset.Channels * plane),
                target.AsSpan(i * _dataset.Classes * plane, _dataset.Classes * plane));
        }

        return new SliceBatch(input, target, count, _dataset.Channels, _dataset.Classes, _dataset.Height, _dataset.Width) { Origins = origins }
            .WithRelease(_pool.Return);
    }
}
