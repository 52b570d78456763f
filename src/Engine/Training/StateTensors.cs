using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>What everything that remembers tensors between steps does with them.</summary>
internal static class StateTensors
{
    /// <summary>Zeros of the same shape, type and device, outside of any dispose scope.</summary>
    public static Tensor Zeros(Tensor like)
    {
        using var noGradient = no_grad();
        return zeros_like(like).DetachFromDisposeScope();
    }

    /// <summary>Overwrites each tensor with the value of its name.</summary>
    public static void Copy(IEnumerable<(string Name, Tensor Value)> targets, Func<string, Tensor> value)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target) in targets) target.copy_(value(name));
    }

    public static void ZeroGradients(IEnumerable<Tensor> parameters)
    {
        foreach (Tensor parameter in parameters)
        {
            using Tensor? gradient = parameter.grad;
            gradient?.zero_();
        }
    }

    public static void Dispose(IEnumerable<(string Name, Tensor Value)> tensors)
    {
        foreach (var (_, tensor) in tensors) tensor.Dispose();
    }
}
