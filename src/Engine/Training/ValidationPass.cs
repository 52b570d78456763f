using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Training.Watching;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>What a pass over the validation images gave.</summary>
/// <param name="Loss">Mean over the samples (D-78).</param>
/// <param name="Dice">Mean slice Dice, F1 of classified slices; null where it is defined nowhere.</param>
/// <param name="Metrics">Figures per sample, averaged.</param>
internal sealed record ValidationResult(double Loss, double? Dice, SegValidationMetrics Metrics);

/// <summary>Judges a network on the validation images; changes neither it nor any random state.</summary>
/// <param name="network">On the device of the settings; stays the caller's.</param>
internal sealed class ValidationPass(SegNetwork network, ISegLoss loss, IBatchSource batches, SessionSettings settings)
{
    /// <summary>Judges the network as it is, in evaluation mode, in which it leaves it.</summary>
    /// <param name="watcher">Shown every batch.</param>
    /// <exception cref="SegException"><c>LossNotFinite</c>.</exception>
    public ValidationResult Run(int epoch, IEpochWatcher? watcher, CancellationToken ct)
    {
        network.eval();
        using var noGradient = no_grad();
        var dice = new SliceDice(settings.Threshold);
        var metrics = new EpochMetrics(settings.Threshold);
        double sum = 0;
        long samples = 0;
        int number = 0;
        foreach (SampleBatch batch in batches.Epoch(epoch, 0, ct))
        {
            try
            {
                sum += Judge(batch, epoch, number++, dice, metrics, watcher) * batch.Count;
                samples += batch.Count;
            }
            finally
            {
                batch.Release();
            }

            ct.ThrowIfCancellationRequested();
        }

        SegValidationMetrics figures = metrics.Result;
        return new ValidationResult(sum / samples, network.Task == NetworkTask.Classification ? figures.DiceScore : dice.Mean, figures);
    }

    private double Judge(SampleBatch batch, int epoch, int number, SliceDice dice, EpochMetrics metrics, IEpochWatcher? watcher)
    {
        using var scope = NewDisposeScope();
        var (inputs, target) = BatchTensors.From(batch, settings.Device, network.Task);
        Tensor prediction = network.forward(inputs);
        double value = loss.Forward(prediction, target).item<float>();
        if (!double.IsFinite(value))
        {
            string cause = NotFiniteSearch.Explain(network, inputs, target, () => network.forward(inputs));
            throw TrainingErrors.LossNotFinite("validation", value, epoch, number, batch, cause);
        }

        dice.Add(prediction, target);
        metrics.Add(prediction, target, batch.Spacings);
        watcher?.Validated(number, batch, prediction);
        return value;
    }
}
