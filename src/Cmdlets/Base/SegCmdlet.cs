using System.Management.Automation;
using System.Runtime.ExceptionServices;
using MedSeg.Cmdlets.Loading;

namespace MedSeg.Cmdlets;

/// <summary>
/// Base of the cmdlets that work with the engine. The engine runs on a worker thread; what it says and yields passes through a
/// bounded queue to the pipeline thread, which alone may call PowerShell.
/// </summary>
/// <remarks>
/// Engine types may appear in method bodies and in locals, never as base class, interface or public member of a cmdlet:
/// PowerShell looks at all types before the engine can be found.
/// </remarks>
public abstract partial class SegCmdlet : PSCmdlet, IDisposable
{
    private static int _progressIds;

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<int, ProgressRecord> _progress = [];
    private readonly int _firstProgressId = Interlocked.Add(ref _progressIds, 16);

    /// <summary>Runs engine work that cannot be done in parts: an error ends the cmdlet.</summary>
    protected void Run(Action<ISegObserver, CancellationToken> work, object? target = null) =>
        Pump<object>((observer, token) => Once(work, observer, token), null, target, () => true);

    /// <summary>Runs engine work that cannot be done in parts and returns its result: an error ends the cmdlet.</summary>
    protected T Run<T>(Func<ISegObserver, CancellationToken, T> work, object? target = null)
    {
        T? result = default;
        Run((observer, token) => { result = work(observer, token); }, target);
        return result!;
    }

    /// <summary>Runs engine work for one item of many: an error is written for <paramref name="target"/> and the cmdlet goes on.</summary>
    /// <returns>True when the work succeeded.</returns>
    protected bool TryRun(Action<ISegObserver, CancellationToken> work, object? target) =>
        Pump<object>((observer, token) => Once(work, observer, token), null, target, () => false);

    /// <summary>As <see cref="TryRun(Action{ISegObserver, CancellationToken}, object?)"/>, with a result.</summary>
    protected bool TryRun<T>(Func<ISegObserver, CancellationToken, T> work, object? target, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T result)
    {
        T? value = default;
        bool succeeded = TryRun((observer, token) => { value = work(observer, token); }, target);
        result = value;
        return succeeded;
    }

    /// <summary>Writes what the engine yields as it comes. An exception of the sequence is written as an error and ends it.</summary>
    /// <param name="work">Yields results.</param>
    /// <param name="target">For errors that name none.</param>
    /// <param name="terminating">
    /// True when the sequence is all that the cmdlet does: an exception before the first result then ends the cmdlet. Later ones never
    /// do, so that the results so far can be assigned to a variable.
    /// </param>
    /// <returns>True when the sequence came to its end.</returns>
    protected bool Stream<T>(Func<ISegObserver, CancellationToken, IEnumerable<T>> work, object? target = null, bool terminating = false)
    {
        bool any = false;
        return Pump(
            work,
            item =>
            {
                any = true;
                WriteObject(item);
            },
            target,
            () => terminating && !any);
    }

    /// <summary>Writes an error for one item; the cmdlet goes on.</summary>
    protected void WriteError(Exception exception, object? target = null) => WriteError(ErrorRecords.From(exception, target));

    /// <summary>Ends the cmdlet with an error.</summary>
    protected void Throw(Exception exception, object? target = null) => ThrowTerminatingError(ErrorRecords.From(exception, target));

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the cancellation source.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _stop.Dispose();
    }

    /// <summary>On the pipeline thread only.</summary>
    internal void ShowProgress(SegProgress progress)
    {
        var record = new ProgressRecord(_firstProgressId + progress.Id, progress.Activity, progress.Status.Length > 0 ? progress.Status : " ")
        {
            ParentActivityId = progress.Id == 0 ? -1 : _firstProgressId,
            PercentComplete = Math.Clamp(progress.Percent, -1, 100),
            SecondsRemaining = progress.SecondsRemaining,
            RecordType = progress.Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        };
        if (progress.Completed)
            _progress.Remove(progress.Id);
        else
            _progress[progress.Id] = record;
        WriteProgress(record);
    }

    private static IEnumerable<object> Once(Action<ISegObserver, CancellationToken> work, ISegObserver observer, CancellationToken token)
    {
        work(observer, token);
        return [];
    }

    private bool Pump<T>(Func<ISegObserver, CancellationToken, IEnumerable<T>> work, Action<T>? write, object? target, Func<bool> terminating)
    {
        Exception? failure = RunOnWorker(work, write);
        if (failure is null)
            return true;
        if (failure is OperationCanceledException && _stop.IsCancellationRequested)
            throw new PipelineStoppedException();
        if (failure is PipelineStoppedException)
            ExceptionDispatchInfo.Throw(failure);
        ErrorRecord record = ErrorRecords.From(failure, target);
        if (terminating())
            ThrowTerminatingError(record);
        WriteError(record);
        return false;
    }

    /// <summary>Returns what the worker threw, or null. Whatever happens, no worker and no progress bar stays behind.</summary>
    private Exception? RunOnWorker<T>(Func<ISegObserver, CancellationToken, IEnumerable<T>> work, Action<T>? write)
    {
        try
        {
            EngineContext.Require();
        }
        catch (SegException e)
        {
            return e;
        }

        using var queue = new CmdletQueue();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task<Exception?> worker = Task.Factory.StartNew(
            () => Produce(work, write, queue, cancel.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (Action<SegCmdlet> message in queue.Drain())
                message(this);
        }
        finally
        {
            // A pipeline that was stopped, or that has enough (Select-Object -First), throws out of the loop above.
            queue.Close();
            if (!worker.IsCompleted)
                cancel.Cancel();
            worker.Wait(CancellationToken.None);
            CompleteProgress();
            ShowLast(queue);
        }

        return worker.Result;
    }

    /// <summary>
    /// What the engine said at the end, for example how to go on after Ctrl+C: a stopped pipeline takes no more warnings, but its host
    /// still does.
    /// </summary>
    private void ShowLast(CmdletQueue queue)
    {
        // The pipeline refuses messages a moment before it calls StopProcessing, so that alone is too late to ask for.
        if (!_stop.IsCancellationRequested && !Stopping)
            return;
        foreach (string warning in queue.UnshownWarnings)
            Host.UI?.WriteWarningLine(warning);
    }

    private static Exception? Produce<T>(
        Func<ISegObserver, CancellationToken, IEnumerable<T>> work, Action<T>? write, CmdletQueue queue, CancellationToken token)
    {
        try
        {
            foreach (T item in work(queue, token))
            {
                queue.Post(_ => write?.Invoke(item));
                token.ThrowIfCancellationRequested();
            }

            return null;
        }
#pragma warning disable CA1031 // Every exception of the worker is handed to the pipeline thread, which reports it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
        finally
        {
            queue.Complete();
        }
    }

    private void CompleteProgress()
    {
        foreach (ProgressRecord record in _progress.Values)
        {
            record.RecordType = ProgressRecordType.Completed;
            try
            {
                WriteProgress(record);
            }
            catch (PipelineStoppedException)
            {
                break; // A stopped pipeline shows nothing any more; its host has taken the bars away.
            }
        }

        _progress.Clear();
    }
}
