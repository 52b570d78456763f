using TorchSharp;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>What Adam can be told.</summary>
/// <param name="Beta1">Memory of the mean gradient, 0 to below 1.</param>
/// <param name="Beta2">Memory of the mean squared gradient, 0 to below 1.</param>
/// <param name="Epsilon">Added to the root of the latter.</param>
/// <param name="WeightDecay">How strongly weights are drawn to 0.</param>
/// <param name="Decoupled">
/// Weights shrink by rate·decay before the step, past the moments (AdamW, Loshchilov and Hutter 2019), instead of decay·weight being
/// added to the gradient.
/// </param>
internal sealed record AdamOptions(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0, bool Decoupled = false);

/// <summary>Adam (Kingma and Ba 2015) and AdamW, in the order of operations of PyTorch.</summary>
/// <remarks>
/// Numbers are held by variables: native code reads them by address, and the garbage collector may free those that nothing holds
/// while it does.
/// </remarks>
internal sealed class AdamOptimizer : IOptimizer
{
    private readonly AdamOptions _options;
    private readonly (string Name, Tensor Parameter, Tensor Mean, Tensor Square)[] _slots;

    /// <param name="parameters">Names and tensors to train; they stay the caller's.</param>
    /// <param name="options">Null for the defaults of the paper.</param>
    public AdamOptimizer(IEnumerable<(string Name, Tensor Parameter)> parameters, AdamOptions? options = null)
    {
        _options = options ?? new AdamOptions();
        _slots = [.. parameters.Select(p => (p.Name, p.Parameter, StateTensors.Zeros(p.Parameter), StateTensors.Zeros(p.Parameter)))];
    }

    public long Steps { get; private set; }

    public void ZeroGradients() => StateTensors.ZeroGradients(_slots.Select(s => s.Parameter));

    public void Step(double learningRate)
    {
        Steps++;
        double correction1 = 1 - Math.Pow(_options.Beta1, Steps), correction2 = 1 - Math.Pow(_options.Beta2, Steps);
        using Scalar beta1 = _options.Beta1, share1 = 1 - _options.Beta1, beta2 = _options.Beta2, share2 = 1 - _options.Beta2;
        using Scalar root = Math.Sqrt(correction2), epsilon = _options.Epsilon, one = 1.0, rate = -learningRate / correction1;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (_, parameter, mean, square) in _slots)
        {
            if (parameter.grad is not { } gradient) continue;
            gradient = Decay(parameter, gradient, learningRate);
            mean.mul_(beta1).add_(gradient, alpha: share1);
            square.mul_(beta2).addcmul_(gradient, gradient, value: share2);
            Tensor denominator = square.sqrt().div_(root).add_(epsilon, one);
            parameter.addcdiv_(mean, denominator, value: rate);
        }
    }

    public IEnumerable<(string Name, Tensor Value)> State() =>
        _slots.SelectMany(s => new[] { ("exp_avg." + s.Name, s.Mean), ("exp_avg_sq." + s.Name, s.Square) });

    public void Restore(long steps, Func<string, Tensor> value)
    {
        StateTensors.Copy(State(), value);
        Steps = steps;
    }

    public void Dispose() => StateTensors.Dispose(State());

    private Tensor Decay(Tensor parameter, Tensor gradient, double learningRate)
    {
        if (_options.WeightDecay == 0) return gradient;
        using Scalar decay = _options.Decoupled ? 1 - (learningRate * _options.WeightDecay) : _options.WeightDecay;
        if (!_options.Decoupled) return gradient.add(parameter, alpha: decay);
        parameter.mul_(decay);
        return gradient;
    }
}
