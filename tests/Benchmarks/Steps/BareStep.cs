using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Training;
using static TorchSharp.torch;

namespace MedSeg.Benchmarks.Steps;

/// <summary>Forward, Dice loss, backward and Adam over one batch of random numbers that stays in memory: what no training can undercut.</summary>
internal sealed class BareStep : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly ISegLoss _loss = LossRegistry.Create(new ComponentConfig("DiceLoss"));
    private readonly SegNetwork _network;
    private readonly AdamOptimizer _optimizer;
    private readonly NetworkInputs _inputs;
    private readonly Tensor _target;

    /// <param name="change">Made to the network before the optimiser sees it.</param>
    public BareStep(NetworkCase network, Action<SegNetwork>? change = null)
    {
        _network = network.Create();
        change?.Invoke(_network);
        _network.train();
        _optimizer = new AdamOptimizer(_network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
        (_inputs, _target) = network.RandomBatch();
    }

    public void Run()
    {
        Backward();
        _optimizer.Step(0.001);
    }

    /// <summary>All but the optimiser's step.</summary>
    public void Backward()
    {
        using var scope = NewDisposeScope();
        _optimizer.ZeroGradients();
        Tensor loss = _loss.Forward(_network.forward(_inputs), _target);
        loss.backward();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _network.Dispose();
        _scope.Dispose();
    }
}
