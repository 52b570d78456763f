using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Training.MixedPrecision;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>Forward pass, loss and backward pass of a training batch.</summary>
/// <param name="network">In training mode, on the device of the settings.</param>
internal sealed class TrainingStep(SegNetwork network, ISegLoss loss, SessionSettings settings)
{
    private readonly LossScaler? _scaler = settings.Precision == ScalarType.Float16 ? new LossScaler(network) : null;

    /// <summary>Scale of losses in float16, which a checkpoint must hold; null otherwise.</summary>
    public LossScale? Scale
    {
        get => _scaler?.State;
        set
        {
            if (_scaler is not null) _scaler.State = value ?? LossScale.First;
        }
    }

    /// <summary>Leaves the batch's gradients with the network's parameters, which have none or zeros, and returns the batch's mean loss.</summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="number">Of the batch in its epoch, from 0.</param>
    /// <exception cref="SegException"><c>LossNotFinite</c>.</exception>
    public BatchResult Run(SampleBatch batch, int epoch, int number)
    {
        using var scope = NewDisposeScope();
        var (inputs, target) = BatchTensors.From(batch, settings.Device, network.Task);
        if (settings.Mixup is { } mixup) (inputs, target) = mixup.Apply(inputs, target, epoch, number);
        Tensor Forward() => TorchRandom.Draw(settings.Seed, [epoch, number], () => network.forward(inputs, settings.Precision));
        Tensor cost = loss.Forward(Forward(), target);
        // Asked for before the backward pass: a GPU still has that to do while the host prepares what follows.
        double value = cost.item<float>();
        if (double.IsFinite(value)) return new(value, Differentiate(cost, batch, epoch, number));
        string cause = NotFiniteSearch.Explain(network, inputs, target, Forward);
        throw TrainingErrors.LossNotFinite("training", value, epoch, number, batch, cause);
    }

    /// <summary>The backward pass; false when its gradients are too large for float16 and the scale has been lowered.</summary>
    private bool Differentiate(Tensor cost, SampleBatch batch, int epoch, int number)
    {
        if (!cost.requires_grad) return true; // Every layer is frozen.
        if (_scaler is null)
        {
            cost.backward();
            return true;
        }

        bool smallest = _scaler.State.Factor <= LossScale.Smallest;
        _scaler.Scaled(cost).backward();
        if (_scaler.Unscale()) return true;
        return smallest ? throw TrainingErrors.GradientsNotFinite(epoch, number, batch) : false;
    }
}

/// <summary>What a batch gave.</summary>
/// <param name="Loss">Mean loss.</param>
/// <param name="Usable">The gradients may be used.</param>
internal readonly record struct BatchResult(double Loss, bool Usable);
