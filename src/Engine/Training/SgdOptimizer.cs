using TorchSharp;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>
/// Stochastic gradient descent as PyTorch has it: with d = gradient + decay·weight and v = μ·v + d, the weight moves by −rate·v, or with
/// Nesterov's momentum by −rate·(d + μ·v).
/// </summary>
internal sealed class SgdOptimizer : IOptimizer
{
    private readonly double _momentum, _weightDecay;
    private readonly bool _nesterov;
    private readonly (string Name, Tensor Parameter, Tensor Velocity)[] _slots;

    /// <param name="parameters">Names and tensors to train; they stay the caller's.</param>
    /// <param name="momentum">μ, 0 to below 1.</param>
    /// <param name="nesterov">Look ahead along the velocity; without momentum no difference.</param>
    /// <param name="weightDecay">How strongly weights are drawn to 0.</param>
    public SgdOptimizer(IEnumerable<(string Name, Tensor Parameter)> parameters, double momentum, bool nesterov, double weightDecay)
    {
        (_momentum, _nesterov, _weightDecay) = (momentum, nesterov, weightDecay);
        _slots = [.. parameters.Select(p => (p.Name, p.Parameter, StateTensors.Zeros(p.Parameter)))];
    }

    public long Steps { get; private set; }

    public void Step(double learningRate)
    {
        Steps++;
        using Scalar decay = _weightDecay, momentum = _momentum, rate = -learningRate, one = 1.0;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (_, parameter, velocity) in _slots)
        {
            if (parameter.grad is not { } gradient) continue;
            Tensor direction = _weightDecay == 0 ? gradient : gradient.add(parameter, alpha: decay);
            velocity.mul_(momentum).add_(direction, alpha: one);
            parameter.add_(_nesterov ? direction.add(velocity, alpha: momentum) : velocity, alpha: rate);
        }
    }

    public IEnumerable<(string Name, Tensor Value)> State() => _slots.Select(s => ("momentum_buffer." + s.Name, s.Velocity));

    public void Restore(long steps, Func<string, Tensor> value)
    {
        StateTensors.Copy(State(), value);
        Steps = steps;
    }

    public void Dispose() => StateTensors.Dispose(State());
}
