using MedSeg.Engine.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>What of the next step has been seen.</summary>
/// <param name="Batches">Batches since the last step.</param>
/// <param name="Samples">Samples in them.</param>
internal readonly record struct PendingBatches(int Batches, long Samples);

/// <summary>
/// Adds up the gradients of several batches for one step: their mean, each batch weighing as many as its samples, so that a loss that
/// is a mean over samples has the gradient of one large batch.
/// </summary>
internal sealed class GradientAccumulator : IDisposable
{
    private readonly (string Name, Tensor Parameter, Tensor Sum)[] _slots;

    /// <param name="parameters">Names and tensors to train; they stay the caller's.</param>
    public GradientAccumulator(IEnumerable<(string Name, Tensor Parameter)> parameters) =>
        _slots = [.. parameters.Select(p => (p.Name, p.Parameter, StateTensors.Zeros(p.Parameter)))];

    public PendingBatches Pending { get; private set; }

    /// <summary>Adds the gradients that a batch has left with the parameters.</summary>
    public void Add(long samples)
    {
        using Scalar weight = samples;
        using var noGradient = no_grad();
        foreach (var (_, parameter, sum) in _slots)
        {
            using Tensor? gradient = parameter.grad;
            if (gradient is not null) sum.add_(gradient, alpha: weight);
        }

        Pending = new(Pending.Batches + 1, Pending.Samples + samples);
    }

    /// <summary>Gives the parameters the mean gradient, and begins anew.</summary>
    public void Release()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (_, parameter, sum) in _slots)
        {
            if (parameter.grad is null) parameter.grad = zeros_like(sum);
            parameter.grad!.copy_(sum.Over(Pending.Samples));
            sum.zero_();
        }

        Pending = default;
    }

    public IEnumerable<(string Name, Tensor Value)> State() => _slots.Select(s => (s.Name, s.Sum));

    public void Restore(PendingBatches pending, Func<string, Tensor> value)
    {
        StateTensors.Copy(State(), value);
        Pending = pending;
    }

    public void Dispose() => StateTensors.Dispose(State());
}
