using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>Forward pass, loss and backward pass of a training batch.</summary>
/// <param name="network">In training mode, on the device of the settings.</param>
internal sealed class TrainingStep(SegNetwork network, ISegLoss loss, SessionSettings settings)
{
    /// <summary>Adds the batch's gradients to those the network's parameters hold, and returns the batch's mean loss.</summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="number">Of the batch in its epoch, from 0.</param>
    /// <exception cref="SegException"><c>LossNotFinite</c>.</exception>
    public double Run(SampleBatch batch, int epoch, int number)
    {
        using var scope = NewDisposeScope();
        var (inputs, target) = BatchTensors.From(batch, settings.Device, network.Task);
        if (settings.Mixup is { } mixup) (inputs, target) = mixup.Apply(inputs, target, epoch, number);
        Tensor Forward() => TorchRandom.Draw(settings.Seed, [epoch, number], () => network.forward(inputs));
        Tensor cost = loss.Forward(Forward(), target);
        if (cost.requires_grad) cost.backward(); // Not so where every layer is frozen.
        double value = cost.item<float>();
        if (double.IsFinite(value)) return value;
        string cause = NotFiniteSearch.Explain(network, inputs, target, Forward);
        throw TrainingErrors.LossNotFinite("training", value, epoch, number, batch, cause);
    }
}
