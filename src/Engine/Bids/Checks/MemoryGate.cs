namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Lets readers into memory as long as all of them together stay within a budget. One that alone is larger than the budget waits
/// until it is alone.
/// </summary>
internal sealed class MemoryGate(long budget)
{
    /// <summary>How often a waiting reader looks whether it has been cancelled.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private long _used;

    /// <summary>A quarter of the memory that this process may use.</summary>
    public static MemoryGate OfThisMachine() => new(Math.Max(64L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4));

    /// <summary>Runs work that needs so many bytes, when there is room.</summary>
    public T Run<T>(long bytes, Func<T> work, CancellationToken ct)
    {
        Enter(bytes, ct);
        try
        {
            return work();
        }
        finally
        {
            lock (_lock)
            {
                _used -= bytes;
                Monitor.PulseAll(_lock);
            }
        }
    }

    private void Enter(long bytes, CancellationToken ct)
    {
        lock (_lock)
        {
            while (_used > 0 && bytes > budget - _used)
            {
                ct.ThrowIfCancellationRequested();
                Monitor.Wait(_lock, Patience);
            }

            _used += bytes;
        }
    }
}
