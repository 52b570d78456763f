using TorchSharp.Modules;

namespace MedSeg.Engine.Networks;

/// <summary>Size and behaviour of a <see cref="Unet"/>.</summary>
/// <param name="InChannels">Channels of the input.</param>
/// <param name="Classes">Classes without background.</param>
/// <param name="Depth">Number of down-samplings, at least 1.</param>
/// <param name="Filters">Channels of the first level; each further level doubles them, the bottom does not.</param>
/// <param name="DropoutRate">Probability that a whole channel is dropped, in [0,1).</param>
/// <param name="BatchNormMomentum">m in running = (1 − m)·running + m·batch; without effect in three dimensions.</param>
/// <param name="Activation">Of the output.</param>
/// <param name="Dimensions">2 for images, 3 for volumes.</param>
public sealed record UnetOptions(
    int InChannels,
    int Classes,
    int Depth = 3,
    int Filters = 64,
    double DropoutRate = 0.3,
    double BatchNormMomentum = 0.1,
    FinalActivation Activation = FinalActivation.Sigmoid,
    int Dimensions = 2);

/// <summary>
/// U-Net (Ronneberger, Fischer and Brox 2015) in two or three dimensions with normalisation after the activation, dropout of
/// whole channels, and linear up-sampling to the size of the skip connection, so that any size of at least 2^depth works.
/// </summary>
public sealed class Unet : SegNetwork
{
    private readonly UnetOptions _options;
    private readonly UnetEncoder _encoder;
    private readonly UnetDecoder _decoder;

    /// <summary>A network with weights drawn from <paramref name="seed"/>: the same on every platform.</summary>
    /// <exception cref="SegException"><c>SoftmaxNeedsClasses</c>: softmax over one class is always 1.</exception>
    public Unet(UnetOptions options, long seed = 0)
        : base(nameof(Unet), options.InChannels, options.Classes)
    {
        Check(options);
        _options = options;
        _encoder = new UnetEncoder(options);
        _decoder = new UnetDecoder(options);
        register_module("encoder", _encoder);
        register_module("decoder", _decoder);
        WeightInitializer.Fill(this, seed);
        ChannelsLast.Apply(this);
    }

    public override int MinimumSize => 1 << _options.Depth;

    public override int Dimensions => _options.Dimensions;

    public override T Describe<T>(INetworkOps<T> ops, NetworkInputs<T> inputs)
    {
        ArgumentNullException.ThrowIfNull(ops);
        ArgumentNullException.ThrowIfNull(inputs);
        var skips = new Stack<T>();
        var bottom = _encoder.Describe(ops, inputs.Image, skips);
        var logits = _decoder.Describe(ops, bottom, skips);
        return OutputActivation.Apply(ops, logits, _options.Activation, Classes);
    }

    private static void Check(UnetOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Filters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DropoutRate, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.DropoutRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Dimensions, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Dimensions, 3);
        OutputActivation.Require(options.Activation, options.Classes);
    }
}

/// <summary>The descending half: one block and one pooling per level, then the bottom block.</summary>
internal sealed class UnetEncoder : NetworkPart
{
    private readonly ModuleSlots<DownConv> _path = new();
    private readonly DownConv _bottom;

    public UnetEncoder(UnetOptions o)
        : base(nameof(UnetEncoder))
    {
        register_module("down_path", _path);
        var channels = o.InChannels;
        for (var level = 0; level < o.Depth; level++)
        {
            var next = o.Filters << level;
            _path.Add(3 * level, new DownConv(channels, next, o));
            channels = next;
        }

        _bottom = new DownConv(channels, channels, o);
        register_module("conv_bottom", _bottom);
    }

    public T Describe<T>(INetworkOps<T> ops, T x, Stack<T> skips)
    {
        foreach (var block in _path.Modules)
        {
            x = ops.Retain(block.Describe(ops, x));
            skips.Push(x);
            x = ops.MaxPool(x);
        }

        return _bottom.Describe(ops, x);
    }
}

/// <summary>The ascending half: one block per level from the deepest, then the last convolution.</summary>
internal sealed class UnetDecoder : NetworkPart
{
    private readonly ModuleSlots<UpConv> _path = new();
    private readonly Convolution _last;

    public UnetDecoder(UnetOptions o)
        : base(nameof(UnetDecoder))
    {
        register_module("up_path", _path);
        for (var k = 0; k < o.Depth; k++)
        {
            var skip = o.Filters << (o.Depth - 1 - k);
            var below = k == 0 ? skip : 2 * skip;
            _path.Add(2 * k, new UpConv(below + skip, skip, o));
        }

        _last = Layers.Convolution(o.Dimensions, o.Filters, OutputActivation.LogitChannels(o.Classes), 3, padding: 1);
        register_module("last_conv", _last);
    }

    public T Describe<T>(INetworkOps<T> ops, T x, Stack<T> skips)
    {
        foreach (var block in _path.Modules)
            x = block.Describe(ops, x, skips.Pop());
        return ops.Convolve(x, _last);
    }
}
