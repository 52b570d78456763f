using System.Runtime.ExceptionServices;
using MedSeg.Engine.Data.Samples;

namespace MedSeg.Engine.Data.Loading;

/// <summary>
/// Worker threads that make the batches of one epoch, at most a given number ahead, and hand them out in order. A worker takes
/// a place in the queue before it takes the next number, so the batch that the consumer waits for always has a place.
/// </summary>
internal sealed class EpochRun : IDisposable
{
    private readonly Dictionary<int, SampleBatch> _ready = [];
    private readonly object _gate = new();
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _places;
    private readonly Thread[] _threads;
    private readonly Func<int, CancellationToken, SampleBatch?> _make;
    private readonly CancellationToken _outer;
    private int _end = int.MaxValue;
    private int _next;
    private int _wanted;
    private ExceptionDispatchInfo? _failure;
    private bool _disposed;

    /// <param name="make">Makes the batch of a number; null after the last one.</param>
    public EpochRun(int first, int workers, int prefetch, Func<int, CancellationToken, SampleBatch?> make, CancellationToken ct)
    {
        (_next, _wanted, _make, _outer) = (first, first, make, ct);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _stop.Token.Register(WakeConsumer);
        _places = new SemaphoreSlim(prefetch);
        _threads = new Thread[workers];
        for (var i = 0; i < workers; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"MedSeg batch worker {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>The next batch, or null at the end of the epoch.</summary>
    public SampleBatch? Next()
    {
        lock (_gate)
        {
            SampleBatch? batch;
            while (!_ready.Remove(_wanted, out batch))
            {
                if (_wanted >= _end)
                    return null;
                _failure?.Throw();
                _outer.ThrowIfCancellationRequested();
                ObjectDisposedException.ThrowIf(_disposed, this);
                Monitor.Wait(_gate);
            }

            _wanted++;
            _places.Release();
            return batch;
        }
    }

    /// <summary>Stops the workers, waits for them and releases what was not consumed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        _stop.Cancel();
        foreach (var thread in _threads)
            thread.Join();
        foreach (var batch in _ready.Values)
            batch.Release();
        _ready.Clear();
        _stop.Dispose();
        _places.Dispose();
    }

    private void Work()
    {
        try
        {
            while (true)
            {
                _places.Wait(_stop.Token);
                var number = Interlocked.Increment(ref _next) - 1;
                var batch = _make(number, _stop.Token);
                lock (_gate)
                {
                    if (batch is null)
                        _end = Math.Min(_end, number);
                    else
                        _ready[number] = batch;
                    Monitor.PulseAll(_gate);
                }

                if (batch is null)
                    return;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            WakeConsumer();
        }
        catch (Exception error)
        {
            lock (_gate)
            {
                _failure ??= ExceptionDispatchInfo.Capture(error);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void WakeConsumer()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}
