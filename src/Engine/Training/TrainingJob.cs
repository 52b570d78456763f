using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MedSeg.Engine.Reporting;
using MedSeg.Engine.Training.Watching;

namespace MedSeg.Engine.Training;

/// <summary>Drives a session and writes down what it does: checkpoints, history, TensorBoard events, progress.</summary>
internal sealed class TrainingJob(RunFolder run, SegConfig config, CheckpointStore checkpoints, RunIdentity identity, RunWatch watch, ISegObserver observer)
{
    private readonly Stopwatch _sinceSave = Stopwatch.StartNew();

    /// <summary>Trains until the session has finished.</summary>
    /// <param name="resumed">The session goes on from a checkpoint.</param>
    /// <exception cref="OperationCanceledException">Stopped; a checkpoint has been saved.</exception>
    public void Run(TrainingSession session, TrainingProgress progress, bool resumed, CancellationToken ct)
    {
        HistoryLog.Replace(run.History, session.Position.History, session.Position.Changes);
        if (session.Finished) return;
        using var events = new TensorBoardWriter(run.Path, resumed ? session.Position.Epoch : null, warn: observer.Warning);
        while (!session.Finished)
        {
            SegEpoch epoch = RunEpoch(session, ct);
            watch.End(epoch, events);
            Save(session);
            HistoryLog.Append(run.History, epoch);
            progress.Epoch(epoch);
        }

        if (session.Position.Epoch <= session.Epochs)
            observer.Verbose(string.Create(CultureInfo.InvariantCulture,
                $"Stopped early: no improvement for {config.TrainingParameters.TrainingTime.EarlyStoppingPatience} epochs."));
    }

    private SegEpoch RunEpoch(TrainingSession session, CancellationToken ct)
    {
        try
        {
            return session.RunEpoch(ct, () => SaveWhenDue(session));
        }
        catch (OperationCanceledException)
        {
            Save(session);
            observer.Warning(string.Create(CultureInfo.InvariantCulture,
                $"Training stopped in epoch {session.Position.Epoch} after batch {session.Position.NextBatch} of {session.BatchesPerEpoch}; "
                + $"-Resume continues from there ('{run.Path}')."));
            throw;
        }
        catch (ExternalException e) when (MemoryShortage.Of(e) is { } shortage)
        {
            throw TrainingErrors.DeviceOutOfMemory(e, shortage, session.DeviceName, config, session.InputShape);
        }
    }

    /// <summary>A killed process loses what it did since the last checkpoint: never more than the configured time, one batch or validation, and one save.</summary>
    private void SaveWhenDue(TrainingSession session)
    {
        double minutes = config.TrainingParameters.CheckpointEveryMinutes;
        if (minutes > 0 && _sinceSave.Elapsed.TotalMinutes >= minutes) Save(session);
    }

    private void Save(TrainingSession session)
    {
        session.RequireFiniteWeights();
        checkpoints.Save(new CheckpointState(CheckpointState.CurrentFormat, identity, session.PositionNow), session.Tensors());
        _sinceSave.Restart();
    }
}
