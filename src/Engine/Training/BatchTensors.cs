using System.Runtime.InteropServices;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Networks;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>Copies batches into tensors.</summary>
internal static class BatchTensors
{
    /// <summary>
    /// Images (N,C,H,W) with what the batch has beside them, and target (N,K,H,W), of volumes with D as a fifth dimension; float32, on a
    /// device. They belong to the current dispose scope.
    /// </summary>
    /// <param name="task">A network that classifies is told which classes a sample holds: the target is (N,K), its maximum over each sample.</param>
    public static (NetworkInputs Inputs, Tensor Target) From(SampleBatch batch, Device device, NetworkTask task = NetworkTask.Segmentation) => (
        new NetworkInputs(
            Copy(batch.Input, device, [.. batch.InputShape]),
            batch.Metadata is { } metadata ? Copy(metadata, device, [batch.Count, batch.MetadataWidth]) : null,
            batch.Available is { } available ? Copy(available, device, [batch.Count, batch.Channels]) : null),
        task == NetworkTask.Classification ? Labels(batch, device) : Copy(batch.Target, device, [.. batch.TargetShape]));

    private static Tensor Labels(SampleBatch batch, Device device)
    {
        using Tensor maps = Copy(batch.Target, CPU, [.. batch.TargetShape]);
        Tensor labels = maps.flatten(2).amax([2]);
        return device.type == TorchSharp.DeviceType.CPU ? labels : labels.to(device);
    }

    private static Tensor Copy(float[] values, Device device, long[] shape)
    {
        Tensor tensor = empty(shape, float32);
        // One block copy: torch.tensor(array) is several times slower. The array is pooled and may be longer than the batch.
        MemoryMarshal.AsBytes(values.AsSpan(0, checked((int)tensor.numel()))).CopyTo(tensor.bytes);
        return device.type == TorchSharp.DeviceType.CPU ? tensor : tensor.to(device);
    }
}
