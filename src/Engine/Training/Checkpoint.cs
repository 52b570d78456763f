using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>A run at rest: its state and its tensors (weights, best weights, optimiser moments) by name, on the CPU.</summary>
internal sealed record Checkpoint(CheckpointState State, IReadOnlyDictionary<string, Tensor> Tensors) : IDisposable
{
    public void Dispose()
    {
        foreach (Tensor tensor in Tensors.Values) tensor.Dispose();
    }
}
