using System.Diagnostics;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Training.Transfer;
using MedSeg.Engine.Training.Watching;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>
/// The training loop over a network, a loss and batches. It knows no files: whoever drives it saves <see cref="Position"/> and
/// <see cref="Tensors"/>, and a session that has restored them continues bit by bit (on the CPU, with as many threads).
/// </summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly SegNetwork _network;
    private readonly ILearningRateSchedule _schedule;
    private readonly EarlyStopping _stopping;
    private readonly IBatchSource _training;
    private readonly ValidationPass? _validation;
    private readonly SessionSettings _settings;
    private readonly TrainingStep _step;
    private readonly WeightUpdate _update;
    private readonly Stopwatch _clock = new();
    private NamedTensors? _best;

    /// <param name="network">On the device of the settings; stays the caller's.</param>
    /// <param name="validation">Null without validation images: the last epoch is then the best one.</param>
    public TrainingSession(
        SegNetwork network, ISegLoss loss, ILearningRateSchedule schedule, EarlyStopping stopping,
        IBatchSource training, IBatchSource? validation, SessionSettings settings)
    {
        (_network, _schedule, _stopping) = (network, schedule, stopping);
        (_training, _settings) = (training, settings);
        _validation = validation is null ? null : new ValidationPass(network, loss, validation, settings);
        _step = new TrainingStep(network, loss, settings);
        _update = new WeightUpdate(network, settings.Update ?? new UpdateSettings());
        Position = new RunPosition { Transfer = settings.Transfer };
    }

    public RunPosition Position { get; private set; }

    /// <summary><see cref="Position"/> with the time of this moment, for a checkpoint while an epoch runs.</summary>
    public RunPosition PositionNow => Position with { EpochSeconds = Position.EpochSeconds + _clock.Elapsed.TotalSeconds };

    public int Epochs => _settings.Epochs;

    public int BatchesPerEpoch => _training.BatchesPerEpoch;

    /// <summary>All epochs are done, or early stopping has decided.</summary>
    public bool Finished => Position.Epoch > _settings.Epochs || _stopping.ShouldStop(Position.EarlyStopping);

    /// <summary>(N,C,H,W) or (N,C,H,W,D) of the last training batch; empty before the first one of this sitting.</summary>
    public IReadOnlyList<long> InputShape { get; private set; } = [];

    public string DeviceName => _settings.Device.ToString();

    /// <summary>Told after every training batch where the session stands and the batch's loss.</summary>
    public Action<RunPosition, double>? BatchDone { get; init; }

    /// <summary>Looks on.</summary>
    public IEpochWatcher? Watcher { get; init; }

    /// <summary>The session's tensors by name; they stay the session's.</summary>
    public IEnumerable<(string Name, Tensor Value)> Tensors() =>
    [
        .. NamedTensors.Of(_network).Select(t => ("model." + t.Name, t.Value)),
        .. _update.State(),
        .. (_best?.Items ?? []).Select(t => ("best." + t.Name, t.Value)),
    ];

    /// <summary>Takes up an earlier session.</summary>
    /// <param name="tensors">As <see cref="Tensors"/> gave them.</param>
    public void Restore(RunPosition position, IReadOnlyDictionary<string, Tensor> tensors)
    {
        NamedTensors.Load(_network, name => tensors["model." + name]);
        _update.Restore(position.Steps, position.Pending, name => tensors[name]);
        _step.Scale = position.LossScale;
        _best?.Dispose();
        _best = position.BestLoss is null ? null : NamedTensors.Copy(NamedTensors.Of(_network).Select(t => (t.Name, tensors["best." + t.Name])));
        Position = position;
    }

    /// <summary>Runs the epoch under way to its end and returns its line of the history.</summary>
    /// <param name="atRest">Called between two training batches, when the session may be saved.</param>
    /// <exception cref="OperationCanceledException">Stopped between two batches: <see cref="Position"/> says where.</exception>
    /// <exception cref="SegException"><c>LossNotFinite</c>.</exception>
    public SegEpoch RunEpoch(CancellationToken ct, Action? atRest = null)
    {
        _clock.Restart();
        try
        {
            double rate = _schedule.At(Position.Epoch - 1, Position.Steps - Position.EpochSteps);
            Train(atRest, ct);
            ShowTraining(ct);
            return EndEpoch(rate, Validate(ct));
        }
        finally
        {
            Position = Position with { EpochSeconds = Position.EpochSeconds + _clock.Elapsed.TotalSeconds };
            _clock.Reset();
        }
    }

    /// <summary>For whoever is about to save the session: what is spoilt must not replace what is good.</summary>
    /// <exception cref="SegException"><c>LossNotFinite</c>.</exception>
    public void RequireFiniteWeights()
    {
        if (NamedTensors.FirstNotFinite(_network) is { } name) throw TrainingErrors.WeightsNotFinite(name, Position.Epoch);
    }

    /// <summary>Puts the best epoch's weights into the network; without validation images these are the last ones.</summary>
    public void LoadBest()
    {
        IEnumerable<(string Name, Tensor Value)>? items = _best?.Items ?? _update.Average?.State();
        if (items is null) return;
        Dictionary<string, Tensor> best = items.ToDictionary(t => t.Name, t => t.Value);
        NamedTensors.Load(_network, name => best[name]);
    }

    public void Dispose()
    {
        _update.Dispose();
        _best?.Dispose();
    }

    private void Train(Action? atRest, CancellationToken ct)
    {
        _network.train();
        FrozenLayers.Hold(_network);
        ct.ThrowIfCancellationRequested();
        foreach (SampleBatch batch in _training.Epoch(Position.Epoch, Position.NextBatch, ct))
        {
            double loss;
            InputShape = batch.InputShape;
            try
            {
                loss = Step(batch);
            }
            finally
            {
                batch.Release();
            }

            Position = Position with
            {
                NextBatch = Position.NextBatch + 1,
                Steps = _update.Steps,
                EpochSteps = Position.EpochSteps + _update.Steps - Position.Steps,
                Pending = _update.Pending,
                LossScale = _step.Scale,
                LossSum = Position.LossSum + (loss * batch.Count),
                Samples = Position.Samples + batch.Count,
            };
            BatchDone?.Invoke(Position, loss);
            atRest?.Invoke();
            ct.ThrowIfCancellationRequested();
        }

        _update.Flush(_schedule.At(Position.Epoch - 1, Position.Steps));
        Position = Position with { Steps = _update.Steps, EpochSteps = Position.EpochSteps + _update.Steps - Position.Steps, Pending = default };
    }

    /// <summary>Forward, backward and one optimiser step; returns the mean loss of the batch.</summary>
    private double Step(SampleBatch batch)
    {
        using var scope = NewDisposeScope();
        _update.ZeroGradients();
        BatchResult result = _step.Run(batch, Position.Epoch, Position.NextBatch);
        if (result.Usable) _update.Take(batch.Count, _schedule.At(Position.Epoch - 1, Position.Steps));
        return result.Loss;
    }

    /// <summary>Shows the epoch's first batch as the weights that would be kept see it.</summary>
    private void ShowTraining(CancellationToken ct)
    {
        if (Watcher?.WantsTraining(Position.Epoch) != true) return;
        using IDisposable? average = _update.Average?.Lend();
        BatchPrediction.OfFirst(_network, _training, Position.Epoch, _settings.Device, Watcher.Trained, ct);
    }

    /// <summary>Judges the weights that would be kept; null without validation images.</summary>
    private ValidationResult? Validate(CancellationToken ct)
    {
        if (_validation is null) return null;
        using IDisposable? average = _update.Average?.Lend();
        return _validation.Run(Position.Epoch, Watcher, ct);
    }

    private SegEpoch EndEpoch(double rate, ValidationResult? validation)
    {
        RequireFiniteWeights();
        double? loss = validation?.Loss;
        bool best = loss is null || Position.BestLoss is not { } lowest || loss < lowest;
        if (best && loss is not null)
        {
            _best?.Dispose();
            _best = NamedTensors.Copy(_update.Average?.State() ?? NamedTensors.Of(_network));
        }

        double seconds = Position.EpochSeconds + _clock.Elapsed.TotalSeconds;
        _clock.Reset();
        var epoch = new SegEpoch(Position.Epoch, Position.LossSum / Position.Samples, loss, validation?.Dice, rate, seconds, best) { Metrics = validation?.Metrics };
        Position = Position with
        {
            Epoch = Position.Epoch + 1,
            NextBatch = 0,
            EpochSteps = 0,
            LossSum = 0,
            Samples = 0,
            EarlyStopping = loss is { } value ? _stopping.Next(Position.EarlyStopping, value) : default,
            BestEpoch = best ? Position.Epoch : Position.BestEpoch,
            BestLoss = best ? loss : Position.BestLoss,
            Seconds = Position.Seconds + seconds,
            EpochSeconds = 0,
            History = Position.History.Append(epoch).ToArray(), // An array, because PowerShell cannot index what [.. x] makes of an interface.
        };
        return epoch;
    }
}
