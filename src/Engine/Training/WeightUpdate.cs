using MedSeg.Engine.Networks;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>How gradients become weights.</summary>
/// <param name="Optimizer">Null for Adam.</param>
/// <param name="ClipNorm">Largest norm of the gradients; null for no limit.</param>
/// <param name="Accumulate">Batches per step, at least 1.</param>
/// <param name="AverageDecay">Decay of the moving average of weights; null for none.</param>
internal sealed record UpdateSettings(ComponentConfig? Optimizer = null, double? ClipNorm = null, int Accumulate = 1, double? AverageDecay = null)
{
    public static UpdateSettings Of(TrainingConfig config) =>
        new(config.Optimizer, config.GradientClipNorm, config.AccumulateBatches, config.EmaDecay);
}

/// <summary>What happens between the backward pass and the next batch: accumulation, clipping, the optimiser's step, averaging.</summary>
internal sealed class WeightUpdate : IDisposable
{
    private readonly UpdateSettings _settings;
    private readonly (string Name, Tensor Parameter)[] _parameters;
    private readonly IOptimizer _optimizer;
    private readonly GradientAccumulator? _accumulator;

    /// <param name="network">Its parameters that need gradients are trained; stays the caller's.</param>
    public WeightUpdate(SegNetwork network, UpdateSettings settings)
    {
        _settings = settings;
        _parameters = [.. network.named_parameters().Where(p => p.parameter.requires_grad).Select(p => (p.name, (Tensor)p.parameter))];
        _optimizer = OptimizerRegistry.Create(settings.Optimizer ?? new ComponentConfig("Adam"), _parameters);
        _accumulator = settings.Accumulate > 1 ? new GradientAccumulator(_parameters) : null;
        Average = settings.AverageDecay is { } decay ? new AveragedWeights(network, decay) : null;
    }

    /// <summary>Optimiser steps made.</summary>
    public long Steps => _optimizer.Steps;

    /// <summary>Batches that the next step will use, seen already.</summary>
    public PendingBatches Pending => _accumulator?.Pending ?? default;

    /// <summary>The moving average of the weights, where there is one.</summary>
    public AveragedWeights? Average { get; }

    public void ZeroGradients() => StateTensors.ZeroGradients(_parameters.Select(p => p.Parameter));

    /// <summary>Uses the gradients of a batch: for a step, or for one to come.</summary>
    public void Take(long samples, double learningRate)
    {
        if (_accumulator is null)
        {
            Step(learningRate);
            return;
        }

        _accumulator.Add(samples);
        if (Pending.Batches >= _settings.Accumulate) Flush(learningRate);
    }

    /// <summary>Makes the step for batches that wait, fewer than usual at the end of an epoch.</summary>
    public void Flush(double learningRate)
    {
        if (Pending.Batches == 0) return;
        _accumulator!.Release();
        Step(learningRate);
    }

    /// <summary>Everything it remembers, by name; the tensors stay this object's.</summary>
    public IEnumerable<(string Name, Tensor Value)> State() =>
    [
        .. _optimizer.State().Select(t => ("optimizer." + t.Name, t.Value)),
        .. (_accumulator?.State() ?? []).Select(t => ("gradient." + t.Name, t.Value)),
        .. (Average?.State() ?? []).Select(t => ("ema." + t.Name, t.Value)),
    ];

    /// <summary>Takes up the state of an earlier session.</summary>
    /// <param name="value">Gives the tensor of a name as <see cref="State"/> had it.</param>
    public void Restore(long steps, PendingBatches pending, Func<string, Tensor> value)
    {
        _optimizer.Restore(steps, name => value("optimizer." + name));
        _accumulator?.Restore(pending, name => value("gradient." + name));
        Average?.Restore(name => value("ema." + name));
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _accumulator?.Dispose();
        Average?.Dispose();
    }

    private void Step(double learningRate)
    {
        if (_settings.ClipNorm is { } largest) GradientClip.Apply(_parameters.Select(p => p.Parameter), largest);
        _optimizer.Step(learningRate);
        Average?.Update(Steps);
    }
}
