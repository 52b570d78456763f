namespace MedSeg.Engine.Bids.Checks;

/// <summary>Works on several items at a time and gives the results in the order of the items.</summary>
internal static class OrderedWork
{
    private const int AheadPerWorker = 8;

    /// <param name="items">Taken as they are needed.</param>
    /// <param name="work">Called by several threads; what it throws comes out in the item's turn.</param>
    /// <param name="workers">Items at a time, at least 1. Results that wait for their turn are bounded by a multiple of it.</param>
    /// <param name="ct">Ends the enumeration; work that has begun is waited for.</param>
    public static IEnumerable<TResult> Run<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, CancellationToken, TResult> work, int workers, CancellationToken ct)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var slots = new SemaphoreSlim(workers);
        var begun = new Queue<Task<TResult>>();
        try
        {
            foreach (var item in items)
            {
                begun.Enqueue(Begin(item, work, slots, cancel.Token));
                if (begun.Count >= workers * AheadPerWorker)
                    yield return Next(begun);
            }

            while (begun.Count > 0)
                yield return Next(begun);
        }
        finally
        {
            cancel.Cancel();
            foreach (Task task in begun)
                task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        }
    }

    /// <summary>The task stays in the queue until it has ended, so that nothing goes on after the enumeration.</summary>
    private static TResult Next<TResult>(Queue<Task<TResult>> begun)
    {
        var result = begun.Peek().GetAwaiter().GetResult();
        begun.Dequeue();
        return result;
    }

    private static async Task<TResult> Begin<TItem, TResult>(
        TItem item, Func<TItem, CancellationToken, TResult> work, SemaphoreSlim slots, CancellationToken ct)
    {
        await slots.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => work(item, ct), ct).ConfigureAwait(false);
        }
        finally
        {
            slots.Release();
        }
    }
}
