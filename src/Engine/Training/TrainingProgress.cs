using System.Diagnostics;
using System.Globalization;

namespace MedSeg.Engine.Training;

/// <summary>Shows a run's progress: bar 0 counts epochs, bar 1 the batches of the epoch. At most ten records a second.</summary>
/// <param name="batches">Batches of an epoch, an estimate at first.</param>
internal sealed class TrainingProgress(ISegObserver observer, string modelName, int epochs, Func<int> batches)
{
    private const int EpochBar = 0, BatchBar = 1;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _lastShown = TimeSpan.MinValue;
    private long _batchesHere;

    /// <summary>After a batch of the epoch in <paramref name="position"/>.</summary>
    public void Batch(RunPosition position, double loss)
    {
        _batchesHere++;
        if (_lastShown != TimeSpan.MinValue && _clock.Elapsed - _lastShown < Interval) return;
        _lastShown = _clock.Elapsed;
        int batchesPerEpoch = Math.Max(batches(), position.NextBatch);
        ShowEpochs(position, batchesPerEpoch);
        int percent = (int)(100L * position.NextBatch / batchesPerEpoch);
        string status = string.Create(CultureInfo.InvariantCulture, $"Batch {position.NextBatch}/{batchesPerEpoch}, loss {loss:F4}");
        observer.Progress(new(BatchBar, $"Epoch {position.Epoch}", status, percent, SecondsLeft(batchesPerEpoch - position.NextBatch)));
    }

    /// <summary>After an epoch.</summary>
    public void Epoch(SegEpoch epoch)
    {
        string validation = epoch.ValidationLoss is { } loss
            ? string.Create(CultureInfo.InvariantCulture,
                $", validation loss {loss:F4}, Dice {Show(epoch.ValidationDice)}, precision {Show(epoch.Metrics?.PrecisionScore)}, recall {Show(epoch.Metrics?.RecallScore)}")
            : "";
        observer.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"Epoch {epoch.Epoch}/{epochs}: training loss {epoch.TrainingLoss:F4}{validation}{(epoch.IsBest ? ", best so far" : "")}, {epoch.Seconds:F1} s"));
    }

    private static string Show(double? figure) => figure?.ToString("F4", CultureInfo.InvariantCulture) ?? "undefined";

    public void Done()
    {
        observer.Progress(new(BatchBar, "Epoch", "Done", 100, 0, Completed: true));
        observer.Progress(new(EpochBar, Activity, "Done", 100, 0, Completed: true));
    }

    private string Activity => $"Training {modelName}";

    private void ShowEpochs(RunPosition position, int batchesPerEpoch)
    {
        long done = ((position.Epoch - 1L) * batchesPerEpoch) + position.NextBatch, all = (long)epochs * batchesPerEpoch;
        string best = position.BestLoss is { } loss
            ? string.Create(CultureInfo.InvariantCulture, $", best validation loss {loss:F4} in epoch {position.BestEpoch}")
            : "";
        string status = string.Create(CultureInfo.InvariantCulture, $"Epoch {position.Epoch}/{epochs}{best}");
        observer.Progress(new(EpochBar, Activity, status, (int)(100 * done / all), SecondsLeft(all - done)));
    }

    /// <summary>From this sitting's mean time per batch, validation and checkpoints included.</summary>
    private int SecondsLeft(long batches) => (int)Math.Min(int.MaxValue, _clock.Elapsed.TotalSeconds / _batchesHere * batches);
}
