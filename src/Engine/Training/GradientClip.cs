using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>Limits the step that one bad batch can cause (Pascanu, Mikolov and Bengio 2013).</summary>
internal static class GradientClip
{
    /// <summary>Multiplies all gradients by min(1, largest/(norm + 1e-6)), the norm being that of all of them as one vector.</summary>
    public static void Apply(IEnumerable<Tensor> parameters, double largest)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] gradients = [.. parameters.Select(p => p.grad).OfType<Tensor>()];
        if (gradients.Length == 0) return;
        Tensor norm = stack(gradients.Select(g => g.norm())).norm();
        Tensor factor = norm.Plus(1e-6).reciprocal().Times(largest).AtMost(1);
        foreach (Tensor gradient in gradients) gradient.mul_(factor);
    }
}
