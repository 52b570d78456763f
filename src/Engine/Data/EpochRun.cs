using System.Runtime.ExceptionServices;

namespace MedSeg.Engine.Data;

/// <summary>
/// Worker threads that make the batches of one epoch, at most a given number ahead, and hand them out in order. A worker takes
/// a place in the queue before it takes the next number, so the batch that the consumer waits for always has a place.
/// </summary>
internal sealed class EpochRun : IDisposable
{
    private readonly Dictionary<int, SliceBatch> _ready = [];
    private readonly object _gate = new();
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _places;
    private readonly Thread[] _threads;
    private readonly Func<int, SliceBatch> _make;
    private readonly int _end;
    private readonly CancellationToken _outer;
    private int _next;
    private int _wanted;
    private ExceptionDispatchInfo? _failure;
    private bool _disposed;

    public EpochRun(int first, int end, int workers, int prefetch, Func<int, SliceBatch> make, CancellationToken ct)
    {
        (_next, _wanted, _end, _make, _outer) = (first, first, end, make, ct);
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
    public SliceBatch? Next()
    {
        if (_wanted >= _end)
            return null;
        lock (_gate)
        {
            SliceBatch? batch;
            while (!_ready.Remove(_wanted, out batch))
            {
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
                if (number >= _end)
                    return;
                var batch = _make(number);
                lock (_gate)
                {
                    _ready[number] = batch;
                    Monitor.PulseAll(_gate);
                }
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
