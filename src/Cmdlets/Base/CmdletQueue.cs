using System.Collections.Concurrent;

namespace MedSeg.Cmdlets;

/// <summary>What the worker has for the pipeline thread: calls of its Write methods, in order.</summary>
/// <remarks>
/// Bounded, so that a fast engine waits for a slow pipeline. Once closed it swallows everything: an engine that saves its
/// state after cancellation must not be stopped by what it has to say about it.
/// </remarks>
internal sealed class CmdletQueue : ISegObserver, IDisposable
{
    private const int Capacity = 256;

    private readonly BlockingCollection<Action<SegCmdlet>> _messages = new(Capacity);
    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly CancellationTokenSource _closed = new();

    /// <summary>Warnings that the pipeline did not take.</summary>
    public IEnumerable<string> UnshownWarnings => _warnings;

    /// <summary>Messages until the worker has completed.</summary>
    public IEnumerable<Action<SegCmdlet>> Drain() => _messages.GetConsumingEnumerable();

    /// <summary>The worker has nothing more to say.</summary>
    public void Complete() => _messages.CompleteAdding();

    /// <summary>The pipeline thread takes no more messages.</summary>
    public void Close() => _closed.Cancel();

    /// <summary>Waits while the queue is full.</summary>
    public void Post(Action<SegCmdlet> message)
    {
        Add(() => _messages.Add(message, _closed.Token));
    }

    /// <inheritdoc/>
    public void Progress(SegProgress progress)
    {
        if (progress.Completed)
            Post(cmdlet => cmdlet.ShowProgress(progress));
        else if (!_closed.IsCancellationRequested)
            Add(() => _messages.TryAdd(cmdlet => cmdlet.ShowProgress(progress)));
    }

    /// <inheritdoc/>
    public void Verbose(string message) => Post(cmdlet => cmdlet.WriteVerbose(message));

    /// <inheritdoc/>
    public void Warning(string message)
    {
        _warnings.Enqueue(message);
        Post(ShowWarning);
    }

    /// <inheritdoc/>
    public void Error(SegException error) => Post(cmdlet => cmdlet.WriteError(ErrorRecords.From(error)));

    public void Dispose()
    {
        _messages.Dispose();
        _closed.Dispose();
    }

    /// <summary>Each call shows the oldest one; only the pipeline thread takes from the queue, and only what was shown.</summary>
    private void ShowWarning(SegCmdlet cmdlet)
    {
        if (!_warnings.TryPeek(out string? message))
            return;
        cmdlet.WriteWarning(message);
        _warnings.TryDequeue(out _);
    }

    private static void Add(Action add)
    {
        try
        {
            add();
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            return; // Closed, complete or disposed: see the remarks of the class.
        }
    }
}
