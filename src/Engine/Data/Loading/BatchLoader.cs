using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Data.Sampling;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Data.Loading;

/// <summary>
/// Makes batches on worker threads ahead of the consumer. Order and augmentation depend on (seed, epoch, sample) only, so the
/// number of workers never changes a batch. Without shuffling the epoch does not count either: every epoch gives the same
/// batches, so that validation losses can be compared.
/// </summary>
/// <remarks>
/// The first epoch shuffles within groups of images in the order in which they are read, so that training begins when the first group
/// is there; all others shuffle the whole.
/// </remarks>
public sealed class BatchLoader : IDisposable
{
    /// <summary>The epoch that begins while images are still being read.</summary>
    internal const int FirstEpoch = 1;

    /// <summary>Images whose samples the first epoch mixes.</summary>
    internal const int GroupSize = 16;

    private readonly SampleDataset _dataset;
    private readonly int _batchSize;
    private readonly bool _shuffle;
    private readonly long _seed;
    private readonly int _workers;
    private readonly int _prefetch;
    private readonly Func<CancellationToken, ISampleOrder>? _makeOrder;
    private readonly BatchPool _pool = new();
    private ISampleOrder? _order;
    private EpochRun? _current;
    private bool _disposed;

    /// <summary>Prepares a loader; nothing runs before <see cref="Epoch"/> is enumerated.</summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="batchSize">Samples per batch; the last batch of an epoch may have fewer.</param>
    /// <param name="shuffle">Draw a new order each epoch.</param>
    /// <param name="seed">Of order and augmentation.</param>
    /// <param name="workers">Threads; 0 makes each batch when it is asked for.</param>
    /// <param name="prefetch">Most batches that wait for the consumer.</param>
    /// <param name="order">
    /// Makes another order for shuffled epochs, when the first one begins; the first epoch then waits for all images as well.
    /// </param>
    public BatchLoader(
        SampleDataset dataset, int batchSize, bool shuffle, long seed, int workers = 2, int prefetch = 4,
        Func<CancellationToken, ISampleOrder>? order = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        ArgumentOutOfRangeException.ThrowIfLessThan(prefetch, 1);
        (_dataset, _batchSize, _shuffle, _seed, _workers, _prefetch) = (dataset, batchSize, shuffle, seed, workers, prefetch);
        _makeOrder = order;
    }

    /// <summary>Number of batches; an estimate while images are still being read.</summary>
    public int BatchesPerEpoch
    {
        get
        {
            if (_dataset.IsLoaded)
                return Batches(_dataset.Count);
            var (samples, images) = _dataset.CountSoFar();
            return Math.Max(1, Batches((long)samples * _dataset.ReadingOrder.Count / Math.Max(1, images)));
        }
    }

    /// <summary>Arrays that wait in the pool; for tests of leaks.</summary>
    internal int PooledArrays => _pool.Count;

    /// <summary>The batches of one epoch in order. One epoch of a loader can be enumerated at a time.</summary>
    /// <param name="epoch">Any number; the same number gives the same batches.</param>
    /// <param name="firstBatch">Batches before this are left out, for training that is resumed within an epoch.</param>
    /// <param name="ct">Stops the workers and the enumeration.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    /// <exception cref="SegException">As <see cref="SampleDataset.Load"/>.</exception>
    public IEnumerable<SampleBatch> Epoch(int epoch, int firstBatch = 0, CancellationToken ct = default)
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

    private IEnumerable<SampleBatch> Enumerate(int epoch, int firstBatch, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var order = Order(epoch, ct);
        if (_workers == 0)
        {
            for (var b = firstBatch; Make(order, epoch, b, ct) is { } batch; b++)
            {
                yield return batch;
                ct.ThrowIfCancellationRequested();
            }

            yield break;
        }

        if (_current is not null)
            throw new InvalidOperationException("Another epoch of this loader is still being enumerated.");
        using var run = _current = new EpochRun(firstBatch, _workers, _prefetch, (b, stop) => Make(order, epoch, b, stop), ct);
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

    private IEpochOrder Order(int epoch, CancellationToken ct)
    {
        if (!_shuffle)
            return new StreamedOrder(_dataset, 1, null);
        if (epoch == FirstEpoch && _makeOrder is null)
            return new StreamedOrder(_dataset, GroupSize, group => new RandomStream(_seed, epoch, ShuffledOrder.OrderKey, group));
        _dataset.WaitAll(ct);
        _order ??= _makeOrder?.Invoke(ct) ?? new ShuffledOrder(_dataset.Count, _seed);
        return new FixedOrder(_dataset.Ids, _order, epoch);
    }

    /// <summary>Makes a batch; null after the last one.</summary>
    private SampleBatch? Make(IEpochOrder order, int epoch, int batch, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var ids = new List<SampleId>(_batchSize);
        for (var position = batch * _batchSize; ids.Count < _batchSize && order.At(position, ct) is { } id; position++)
            ids.Add(id);
        if (ids.Count == 0)
            return null;
        var size = _dataset[ids[0]].Size;
        var (inputs, targets) = (_dataset.Channels * size.Count, _dataset.Classes * size.Count);
        float[] input = _pool.Rent(checked(ids.Count * inputs)), target = _pool.Rent(checked(ids.Count * targets));
        var available = _dataset.TellsAvailable ? new float[ids.Count * _dataset.Channels] : null;
        var origins = new SampleOrigin[ids.Count];
        var spacings = new (double H, double W, double D)[ids.Count];
        for (var i = 0; i < ids.Count; i++)
        {
            (origins[i], spacings[i]) = (_dataset[ids[i]].Origin, _dataset[ids[i]].Info.Spacing);
            var occurrence = order.Repeats ? (batch * _batchSize) + i : 0;
            _dataset.Fill(ids[i], RandomOf(ids[i], epoch, occurrence), input.AsSpan(i * inputs, inputs), target.AsSpan(i * targets, targets));
            if (available is not null)
                _dataset.Tell(ids[i], input.AsSpan(i * inputs, inputs), available.AsSpan(i * _dataset.Channels, _dataset.Channels), _seed, epoch, occurrence);
        }

        return new SampleBatch(input, target, ids.Count, _dataset.Channels, _dataset.Classes, size, _dataset.IsVolume)
        {
            Origins = origins,
            Spacings = spacings,
            Metadata = _dataset.Metadata is { } rows ? [.. ids.SelectMany(id => rows[id.Source])] : null,
            MetadataWidth = _dataset.Metadata is { Count: > 0 } any ? any[0].Length : 0,
            Available = available,
        }.WithRelease(_pool.Return);
    }

    /// <param name="occurrence">A sample that comes again in one epoch looks different each time.</param>
    private RandomStream RandomOf(SampleId id, int epoch, int occurrence) =>
        new(_seed, _shuffle ? epoch : 0, id.Source, id.Index, occurrence);

    private int Batches(long samples) => (int)((samples + _batchSize - 1) / _batchSize);
}
