using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>
/// Count-ception (Cohen et al. 2017): a fully convolutional network for redundant counting that answers heat maps of the size
/// of its input. Each class has one map, and none is for the background; a last leaky ReLU leaves values outside [0,1] possible.
/// </summary>
public sealed class Countception : SegNetwork
{
    private const int FirstPadding = 40;
    private const double LastSlope = 0.3;
    private readonly List<ICountceptionPart> _parts = [];

    /// <summary>A network with weights drawn from <paramref name="seed"/>: the same on every platform.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="classes">Targets: channels of the output.</param>
    /// <param name="seed">Of the first weights.</param>
    public Countception(int inChannels, int classes, long seed = 0)
        : base(nameof(Countception), inChannels, classes)
    {
        Add("conv1", new CountceptionConvolution(inChannels, 64, 3, FirstPadding));
        Add("simple1", new CountceptionBranches(64, 16, 16));
        Add("simple2", new CountceptionBranches(48, 16, 32));
        Add("conv2", new CountceptionConvolution(80, 16, 14));
        Add("simple3", new CountceptionBranches(16, 112, 48));
        Add("simple4", new CountceptionBranches(208, 64, 32));
        Add("simple5", new CountceptionBranches(128, 40, 40));
        Add("simple6", new CountceptionBranches(120, 32, 96));
        Add("conv3", new CountceptionConvolution(224, 32, 20));
        Add("conv4", new CountceptionConvolution(32, 64, 10));
        Add("conv5", new CountceptionConvolution(64, 32, 9));
        Add("conv6", new CountceptionConvolution(32, classes, 20, padding: 1, slope: LastSlope));
        WeightInitializer.Fill(this, seed, FirstWeights.Xavier);
    }

    public override int MinimumSize => 1;

    public override T Describe<T>(INetworkOps<T> ops, NetworkInputs<T> inputs)
    {
        ArgumentNullException.ThrowIfNull(ops);
        ArgumentNullException.ThrowIfNull(inputs);
        return _parts.Aggregate(inputs.Image, (x, part) => part.Describe(ops, x));
    }

    private void Add<TPart>(string name, TPart part)
        where TPart : NetworkPart, ICountceptionPart
    {
        register_module(name, part);
        _parts.Add(part);
    }
}

/// <summary>One step of the network.</summary>
internal interface ICountceptionPart
{
    T Describe<T>(INetworkOps<T> ops, T x);
}

/// <summary>Convolution, batch normalisation, leaky ReLU.</summary>
internal sealed class CountceptionConvolution : NetworkPart, ICountceptionPart
{
    private readonly Convolution _conv;
    private readonly BatchNorm2d _norm;
    private readonly double _slope;

    public CountceptionConvolution(int inChannels, int outChannels, int kernel, int padding = 0, double slope = 0.01)
        : base(nameof(CountceptionConvolution))
    {
        _slope = slope;
        _conv = Layers.Convolution(2, inChannels, outChannels, kernel, padding: padding);
        _norm = nn.BatchNorm2d(outChannels);
        register_module("conv1", _conv);
        register_module("batch_norm", _norm);
    }

    public T Describe<T>(INetworkOps<T> ops, T x) => ops.LeakyRelu(ops.Normalize(ops.Convolve(x, _conv), _norm), _slope);
}

/// <summary>Three convolutions of 3, 5 and 9 pixels side by side, each two pixels smaller than what came in.</summary>
internal sealed class CountceptionBranches : NetworkPart, ICountceptionPart
{
    private readonly CountceptionConvolution _small;
    private readonly CountceptionConvolution _middle;
    private readonly CountceptionConvolution _large;

    public CountceptionBranches(int inChannels, int small, int others)
        : base(nameof(CountceptionBranches))
    {
        _small = new CountceptionConvolution(inChannels, small, 3);
        _middle = new CountceptionConvolution(inChannels, others, 5, padding: 1);
        _large = new CountceptionConvolution(inChannels, others, 9, padding: 3);
        register_module("conv1", _small);
        register_module("conv2", _middle);
        register_module("conv3", _large);
    }

    public T Describe<T>(INetworkOps<T> ops, T x)
    {
        var small = _small.Describe(ops, ops.Retain(x));
        var joined = ops.Concat(small, _middle.Describe(ops, ops.Retain(x)));
        return ops.Concat(joined, _large.Describe(ops, x));
    }
}
