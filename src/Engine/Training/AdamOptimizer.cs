using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>
/// Adam (Kingma and Ba 2015) without weight decay, with β = (0.9, 0.999) and ε = 1e-8, in the order of operations of PyTorch.
/// Written here because its state must go into checkpoints bit by bit, which TorchSharp's optimiser does not offer.
/// </summary>
internal sealed class AdamOptimizer : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly (string Name, Tensor Parameter, Tensor Mean, Tensor Square)[] _slots;

    /// <param name="parameters">Names and tensors to train; they stay the caller's.</param>
    public AdamOptimizer(IEnumerable<(string Name, Tensor Parameter)> parameters)
    {
        _slots = [.. parameters.Select(p => (p.Name, p.Parameter, Zeros(p.Parameter), Zeros(p.Parameter)))];
    }

    /// <summary>Steps made.</summary>
    public long Steps { get; private set; }

    public void ZeroGradients()
    {
        foreach (var slot in _slots)
        {
            using Tensor? gradient = slot.Parameter.grad;
            gradient?.zero_();
        }
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void Step(double learningRate)
    {
        Steps++;
        double correction1 = 1 - Math.Pow(Beta1, Steps), correction2 = 1 - Math.Pow(Beta2, Steps);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (_, parameter, mean, square) in _slots)
        {
            Tensor? gradient = parameter.grad;
            if (gradient is null) continue;
            mean.mul_(Beta1).add_(gradient, alpha: 1 - Beta1);
            square.mul_(Beta2).addcmul_(gradient, gradient, value: 1 - Beta2);
            Tensor denominator = square.sqrt().div_(Math.Sqrt(correction2)).add_(Epsilon);
            parameter.addcdiv_(mean, denominator, value: -learningRate / correction1);
        }
    }

    /// <summary>The moments by name; the tensors stay this object's.</summary>
    public IEnumerable<(string Name, Tensor Value)> State() =>
        _slots.SelectMany(s => new[] { ("exp_avg." + s.Name, s.Mean), ("exp_avg_sq." + s.Name, s.Square) });

    /// <summary>Takes up the state of an earlier run.</summary>
    /// <param name="steps">Steps it had made.</param>
    /// <param name="value">Gives the tensor of a name as <see cref="State"/> had it.</param>
    public void Restore(long steps, Func<string, Tensor> value)
    {
        using var noGradient = no_grad();
        foreach (var (name, target) in State()) target.copy_(value(name));
        Steps = steps;
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
        }
    }

    private static Tensor Zeros(Tensor like)
    {
        using var noGradient = no_grad();
        return zeros_like(like).DetachFromDisposeScope();
    }
}
