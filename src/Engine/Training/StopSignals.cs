using System.Runtime.InteropServices;

namespace MedSeg.Engine.Training;

/// <summary>
/// Stops a training when its terminal is closed (SIGHUP, on Windows the console's close). The system's way of ending the process
/// goes on when the training has saved its checkpoint. Ctrl+C is the host's business. Windows gives a process a few seconds only.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    /// <summary>A batch that takes longer is lost back to the last checkpoint.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _stop;
    private readonly ManualResetEventSlim _ended = new();
    private readonly PosixSignalRegistration _closed;

    /// <param name="ct">The caller's own way to stop.</param>
    public StopSignals(CancellationToken ct)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _closed = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
    }

    /// <summary>Cancelled by the caller or by the signal.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        // The event stays undisposed, because a handler may still look at it.
        _ended.Set();
        _closed.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        _stop.Cancel();
        _ended.Wait(Patience);
    }
}
