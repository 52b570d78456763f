using MedSeg.Engine.Networks;
using MedSeg.Engine.Training.Transfer;
using TorchSharp;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>
/// Exponential moving average of weights and running statistics: after step t, average = d·average + (1 − d)·now with
/// d = min(decay, (1 + t)/(10 + t)), so that short runs forget where they began. Counters are copied.
/// </summary>
internal sealed class AveragedWeights : IDisposable
{
    private readonly SegNetwork _network;
    private readonly double _decay;
    private readonly (string Name, Tensor Value)[] _average;
    private readonly HashSet<string> _still;

    /// <param name="network">Stays the caller's.</param>
    /// <param name="decay">0 to below 1.</param>
    public AveragedWeights(SegNetwork network, double decay)
    {
        (_network, _decay) = (network, decay);
        _still = FrozenLayers.TensorsOf(network);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _average = [.. NamedTensors.Of(network).Select(t => (t.Name, t.Value.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>Takes in what the network has become.</summary>
    /// <param name="step">Steps made, from 1.</param>
    public void Update(long step)
    {
        double share = Math.Min(_decay, (1.0 + step) / (10 + step));
        using Scalar decay = share, rest = 1 - share;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var ((name, average), (_, now)) in _average.Zip(NamedTensors.Of(_network)))
        {
            if (_still.Contains(name)) continue; // The mean of equal numbers need not be that number.
            if (average.is_floating_point()) average.mul_(decay).add_(now, alpha: rest);
            else average.copy_(now);
        }
    }

    public IEnumerable<(string Name, Tensor Value)> State() => _average;

    public void Restore(Func<string, Tensor> value) => StateTensors.Copy(_average, value);

    /// <summary>Lends the averages to the network; disposing what is returned gives it its own back.</summary>
    public IDisposable Lend()
    {
        var own = new Loan(_network);
        Dictionary<string, Tensor> average = _average.ToDictionary(t => t.Name, t => t.Value);
        NamedTensors.Load(_network, name => average[name]);
        return own;
    }

    public void Dispose() => StateTensors.Dispose(_average);

    private sealed class Loan(SegNetwork network) : IDisposable
    {
        private readonly NamedTensors _own = NamedTensors.Copy(NamedTensors.Of(network));

        public void Dispose()
        {
            Dictionary<string, Tensor> own = _own.Items.ToDictionary(t => t.Name, t => t.Value);
            NamedTensors.Load(network, name => own[name]);
            _own.Dispose();
        }
    }
}
