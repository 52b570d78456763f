using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>
/// Turns gradients into new weights. Written here because the state must go into checkpoints bit by bit, which TorchSharp's
/// optimisers do not offer.
/// </summary>
internal interface IOptimizer : IDisposable
{
    /// <summary>Steps made.</summary>
    long Steps { get; }

    /// <summary>Moves every parameter that has a gradient.</summary>
    void Step(double learningRate);

    /// <summary>What it remembers, by name; the tensors stay this object's.</summary>
    IEnumerable<(string Name, Tensor Value)> State();

    /// <summary>Takes up the state of an earlier run.</summary>
    /// <param name="steps">Steps it had made.</param>
    /// <param name="value">Gives the tensor of a name as <see cref="State"/> had it.</param>
    void Restore(long steps, Func<string, Tensor> value);
}
