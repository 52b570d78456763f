using MedSeg.Engine.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.MixedPrecision;

/// <summary>Scales losses up before the backward pass and gradients down after it.</summary>
/// <param name="network">Whose gradients these are; stays the caller's.</param>
internal sealed class LossScaler(SegNetwork network)
{
    /// <summary>What a checkpoint must hold.</summary>
    public LossScale State { get; set; } = LossScale.First;

    /// <summary>The loss to take gradients of; in the caller's dispose scope.</summary>
    public Tensor Scaled(Tensor loss)
    {
        using Scalar factor = State.Factor;
        return loss.mul(factor);
    }

    /// <summary>Gives the gradients their true size and adapts the scale.</summary>
    /// <returns>False where they are not finite: the batch must be left out.</returns>
    public bool Unscale()
    {
        using Scalar factor = 1 / State.Factor;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] gradients = [.. network.parameters().Select(p => p.grad).OfType<Tensor>()];
        foreach (Tensor gradient in gradients) gradient.mul_(factor);
        bool finite = gradients.Length == 0 || stack(gradients.Select(g => g.isfinite().all())).all().item<bool>();
        State = State.Next(finite);
        return finite;
    }
}
