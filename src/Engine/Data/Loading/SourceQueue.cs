using MedSeg.Engine.Data.Samples;

namespace MedSeg.Engine.Data.Loading;

/// <summary>
/// Threads that make the samples of one source after the other in a given order, while others already use the first ones. An error
/// that concerns more than one image ends the work for all who wait.
/// </summary>
internal sealed class SourceQueue : IDisposable
{
    private readonly TaskCompletionSource<SampleEntry[]>[] _sources;
    private readonly IReadOnlyList<int> _order;
    private readonly Func<int, CancellationToken, SampleEntry[]> _make;
    private readonly Action<int> _done;
    private readonly CancellationTokenSource _stop;
    private readonly Task? _after;
    private readonly Thread[] _threads;
    private int _next;
    private int _finished;

    /// <param name="order">Every index once.</param>
    /// <param name="make">The samples of a source.</param>
    /// <param name="done">Told how many sources are done.</param>
    /// <param name="workers">Threads, at least 1.</param>
    /// <param name="after">The work begins when this has ended, however it ended.</param>
    public SourceQueue(
        IReadOnlyList<int> order, Func<int, CancellationToken, SampleEntry[]> make, Action<int> done, int workers, Task? after, CancellationToken ct)
    {
        (_order, _make, _done, _after) = (order, make, done, after);
        _sources = [.. order.Select(_ => new TaskCompletionSource<SampleEntry[]>(TaskCreationOptions.RunContinuationsAsynchronously))];
        Whole = Task.WhenAll(_sources.Select(source => source.Task));
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _threads = new Thread[Math.Min(workers, order.Count)];
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"MedSeg image loader {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>The samples of all sources, when all are done.</summary>
    public Task<SampleEntry[][]> Whole { get; }

    /// <summary>The sources that are done, in no particular order.</summary>
    public IEnumerable<SampleEntry[]> Ready => _sources.Where(source => source.Task.IsCompletedSuccessfully).Select(source => source.Task.Result);

    /// <summary>Waits for one source.</summary>
    /// <exception cref="OperationCanceledException">Stopped before.</exception>
    public SampleEntry[] Wait(int source, CancellationToken ct) => _sources[source].Task.WaitAsync(ct).GetAwaiter().GetResult();

    /// <summary>Stops the threads and waits for them.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var thread in _threads)
            thread.Join();
        _stop.Dispose();
    }

    private void Work()
    {
        try
        {
            if (_after is not null)
                Task.WhenAny(_after).Wait(_stop.Token);
            for (var i = Interlocked.Increment(ref _next) - 1; i < _order.Count; i = Interlocked.Increment(ref _next) - 1)
            {
                _stop.Token.ThrowIfCancellationRequested();
                _sources[_order[i]].TrySetResult(_make(_order[i], _stop.Token));
                _done(Interlocked.Increment(ref _finished));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            foreach (var source in _sources)
                source.TrySetCanceled(_stop.Token);
        }
        catch (Exception error)
        {
            foreach (var source in _sources)
                source.TrySetException(error);
        }
    }
}
