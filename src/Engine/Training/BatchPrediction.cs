using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Networks;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>What a network says of a batch in evaluation mode, for whoever wants to show it.</summary>
internal static class BatchPrediction
{
    /// <summary>Predicts the first batch of an epoch and shows it; leaves the network in evaluation mode.</summary>
    /// <param name="show">Both arguments are void afterwards.</param>
    public static void OfFirst(
        SegNetwork network, IBatchSource source, int epoch, Device device, Action<SampleBatch, Tensor> show, CancellationToken ct)
    {
        network.eval();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (SampleBatch batch in source.Epoch(epoch, 0, ct))
        {
            try
            {
                show(batch, network.forward(BatchTensors.From(batch, device, network.Task).Inputs));
            }
            finally
            {
                batch.Release();
            }

            return;
        }
    }
}
