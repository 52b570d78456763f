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
    private readonly ScalarType _precision;

    /// <param name="change">Made to the network before the optimiser sees it.</param>
    /// <param name="precision">Of convolutions.</param>
    public BareStep(NetworkCase network, Action<SegNetwork>? change = null, ScalarType precision = ScalarType.Float32)
    {
        _precision = precision;
        _network = network.Create();
        change?.Invoke(_network);
        _network.train();
        _optimizer = new AdamOptimizer(_network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
        (_inputs, _target) = network.RandomBatch();
    }

    public SegNetwork Network => _network;

    /// <summary>A step that does not look at its loss.</summary>
    public void Run() => Run(look: false);

    /// <param name="look">Asks for the loss, as training does.</param>
    public void Run(bool look)
    {
        using var scope = NewDisposeScope();
        _optimizer.ZeroGradients();
        Tensor loss = _loss.Forward(_network.forward(_inputs, _precision), _target);
        if (look)
            loss.item<float>();
        loss.backward();
        Optimize();
    }

    /// <summary>The optimiser's step alone, over the gradients that are there.</summary>
    public void Optimize() => _optimizer.Step(0.001);

    public void Dispose()
    {
        _optimizer.Dispose();
        _network.Dispose();
        _scope.Dispose();
    }
}
