using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>DenseNet-121 (Huang, Liu, van der Maaten and Weinberger 2017) that classifies whole images.</summary>
public sealed class DenseNet : SegNetwork
{
    private readonly DenseFeatures _features;
    private readonly Linear _last;

    /// <summary>A network with weights drawn from <paramref name="seed"/>: the same on every platform.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="classes">Classes beside "none".</param>
    /// <param name="dropoutRate">Probability that a value that a dense layer adds is dropped, in [0,1).</param>
    /// <param name="seed">Of the first weights.</param>
    public DenseNet(int inChannels = 1, int classes = 1, double dropoutRate = 0.3, long seed = 0)
        : base(nameof(DenseNet), inChannels, classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dropoutRate, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(dropoutRate, 1);
        _features = new DenseFeatures(inChannels, dropoutRate);
        _last = nn.Linear(_features.OutChannels, ClassificationHead.Logits(classes));
        register_module("features", _features);
        register_module("classifier", _last);
        WeightInitializer.Fill(this, seed, FirstWeights.NormalFanIn);
        using (no_grad())
            _last.bias!.zero_();
        ChannelsLast.Apply(this);
    }

    public override NetworkTask Task => NetworkTask.Classification;

    /// <summary>Two halvings that round up and three that round down must leave one pixel.</summary>
    public override int MinimumSize => 29;

    public override T Describe<T>(INetworkOps<T> ops, NetworkInputs<T> inputs)
    {
        ArgumentNullException.ThrowIfNull(ops);
        ArgumentNullException.ThrowIfNull(inputs);
        return ClassificationHead.Describe(ops, _features.Describe(ops, inputs.Image), _last);
    }
}

/// <summary>Stem, four blocks of dense layers with transitions between them, last normalisation.</summary>
internal sealed class DenseFeatures : NetworkPart
{
    private const int StemChannels = 64;
    private static readonly int[] Blocks = [6, 12, 24, 16];
    private readonly Convolution _stem;
    private readonly BatchNorm2d _stemNorm;
    private readonly List<(DenseBlock Block, DenseTransition? Transition)> _stages = [];
    private readonly BatchNorm2d _lastNorm;

    public DenseFeatures(int inChannels, double dropoutRate)
        : base(nameof(DenseFeatures))
    {
        _stem = Layers.Convolution(2, inChannels, StemChannels, 7, stride: 2, padding: 3, bias: false);
        _stemNorm = nn.BatchNorm2d(StemChannels);
        register_module("conv0", _stem);
        register_module("norm0", _stemNorm);
        OutChannels = StemChannels;
        for (var i = 0; i < Blocks.Length; i++)
        {
            var block = new DenseBlock(OutChannels, Blocks[i], dropoutRate);
            register_module($"denseblock{i + 1}", block);
            OutChannels = block.OutChannels;
            var transition = i < Blocks.Length - 1 ? new DenseTransition(OutChannels) : null;
            if (transition is not null)
            {
                register_module($"transition{i + 1}", transition);
                OutChannels /= 2;
            }

            _stages.Add((block, transition));
        }

        _lastNorm = nn.BatchNorm2d(OutChannels);
        register_module("norm5", _lastNorm);
    }

    public int OutChannels { get; }

    public T Describe<T>(INetworkOps<T> ops, T x)
    {
        x = ops.MaxPool(ops.Relu(ops.Normalize(ops.Convolve(x, _stem), _stemNorm)), 3, 2, 1);
        foreach (var (block, transition) in _stages)
        {
            x = block.Describe(ops, x);
            if (transition is not null)
                x = transition.Describe(ops, x);
        }

        return ops.Relu(ops.Normalize(x, _lastNorm));
    }
}

/// <summary>Each layer sees the channels of all before it and adds its own.</summary>
internal sealed class DenseBlock : NetworkPart
{
    private const int Growth = 32;
    private readonly List<DenseLayer> _layers = [];

    public DenseBlock(int inChannels, int count, double dropoutRate)
        : base(nameof(DenseBlock))
    {
        for (var i = 0; i < count; i++)
        {
            var layer = new DenseLayer(inChannels + (i * Growth), Growth, dropoutRate);
            register_module($"denselayer{i + 1}", layer);
            _layers.Add(layer);
        }

        OutChannels = inChannels + (count * Growth);
    }

    public int OutChannels { get; }

    public T Describe<T>(INetworkOps<T> ops, T x)
    {
        foreach (var layer in _layers)
        {
            var seen = ops.Retain(x);
            x = ops.Concat(seen, layer.Describe(ops, x));
        }

        return x;
    }
}

/// <summary>Normalisation, ReLU, convolution 1×1; the same with 3×3; dropout of values.</summary>
internal sealed class DenseLayer : NetworkPart
{
    private const int BottleneckFactor = 4;
    private readonly BatchNorm2d _norm1;
    private readonly Convolution _conv1;
    private readonly BatchNorm2d _norm2;
    private readonly Convolution _conv2;
    private readonly double _dropoutRate;

    public DenseLayer(int inChannels, int growth, double dropoutRate)
        : base(nameof(DenseLayer))
    {
        _dropoutRate = dropoutRate;
        _norm1 = nn.BatchNorm2d(inChannels);
        _conv1 = Layers.Convolution(2, inChannels, BottleneckFactor * growth, 1, bias: false);
        _norm2 = nn.BatchNorm2d(BottleneckFactor * growth);
        _conv2 = Layers.Convolution(2, BottleneckFactor * growth, growth, 3, padding: 1, bias: false);
        register_module("norm1", _norm1);
        register_module("conv1", _conv1);
        register_module("norm2", _norm2);
        register_module("conv2", _conv2);
    }

    public T Describe<T>(INetworkOps<T> ops, T x)
    {
        x = ops.Convolve(ops.Relu(ops.Normalize(x, _norm1)), _conv1);
        x = ops.Convolve(ops.Relu(ops.Normalize(x, _norm2)), _conv2);
        return ops.DropoutOfValues(x, _dropoutRate);
    }
}

/// <summary>Normalisation, ReLU, convolution 1×1 to half the channels, mean over 2×2.</summary>
internal sealed class DenseTransition : NetworkPart
{
    private readonly BatchNorm2d _norm;
    private readonly Convolution _conv;

    public DenseTransition(int channels)
        : base(nameof(DenseTransition))
    {
        _norm = nn.BatchNorm2d(channels);
        _conv = Layers.Convolution(2, channels, channels / 2, 1, bias: false);
        register_module("norm", _norm);
        register_module("conv", _conv);
    }

    public T Describe<T>(INetworkOps<T> ops, T x) => ops.AveragePool(ops.Convolve(ops.Relu(ops.Normalize(x, _norm)), _conv));
}
