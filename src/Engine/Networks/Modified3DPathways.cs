using TorchSharp.Modules;

namespace MedSeg.Engine.Networks;

/// <summary>
/// The descending half: each level halves the volume and doubles the channels, and adds to that what a block makes of it that is
/// applied twice with the same weights.
/// </summary>
internal sealed class ContextPathway
{
    private const int Levels = 5;
    private readonly int _filters;
    private readonly double _dropoutRate;
    private readonly Convolution[] _reduce = new Convolution[Levels];
    private readonly Convolution[] _block = new Convolution[Levels];
    private readonly Convolution _inner;
    private readonly FilmLayer?[] _films = new FilmLayer?[Levels - 1];

    public ContextPathway(NamedLayers layers, Modified3DUnetOptions o)
    {
        (_filters, _dropoutRate) = (o.Filters, o.DropoutRate);
        _reduce[0] = layers.Convolution("conv3d_c1_1", o.InChannels, o.Filters, 3);
        _films[0] = layers.Film(o.Filters);
        _inner = layers.Convolution("conv3d_c1_2", o.Filters, o.Filters, 3);
        _block[0] = layers.Convolution("lrelu_conv_c1", o.Filters, o.Filters, 3, slot: 1);
        for (var level = 1; level < Levels; level++)
        {
            var channels = o.Filters << level;
            _reduce[level] = layers.Convolution($"conv3d_c{level + 1}", channels / 2, channels, 3, stride: 2);
            if (level < Levels - 1)
                _films[level] = layers.Film(channels);
            _block[level] = layers.Convolution($"norm_lrelu_conv_c{level + 1}", channels, channels, 3, slot: 2);
        }
    }

    /// <param name="skips">Filled: what levels 1 to 4 hand over, the first before its normalisation.</param>
    public T Describe<T>(INetworkOps<T> ops, NetworkInputs<T> inputs, T[] skips)
    {
        var x = ops.Retain(First(ops, inputs.Image));
        skips[0] = x;
        x = Modulated(ops, x, 0, inputs.Metadata);
        for (var level = 1; level < Levels; level++)
        {
            x = Residual(ops, ops.Convolve(x, _reduce[level]), level);
            if (level == Levels - 1)
                break;
            x = ops.Retain(Modulated(ops, x, level, inputs.Metadata));
            skips[level] = x;
        }

        return x;
    }

    private T First<T>(INetworkOps<T> ops, T image)
    {
        var residual = ops.Retain(ops.Convolve(image, _reduce[0]));
        var x = ops.Convolve(ops.LeakyRelu(residual, NamedLayers.Slope), _inner);
        x = ops.LeakyRelu(ops.Dropout(x, _dropoutRate), NamedLayers.Slope);
        return ops.LeakyRelu(ops.Add(ops.Convolve(x, _block[0]), residual), NamedLayers.Slope);
    }

    private T Residual<T>(INetworkOps<T> ops, T x, int level)
    {
        var residual = ops.Retain(x);
        x = ops.Dropout(Block(residual), _dropoutRate);
        return ops.Add(Block(x), residual);

        T Block(T value) => ops.Convolve(
            ops.LeakyRelu(ops.NormalizeInstance(value, _filters << level), NamedLayers.Slope), _block[level]);
    }

    private T Modulated<T>(INetworkOps<T> ops, T x, int level, T? metadata) => FilmLayer.Apply(
        _films[level], ops, ops.LeakyRelu(ops.NormalizeInstance(x, _filters << level), NamedLayers.Slope), metadata);
}

/// <summary>The first step up from the deepest level.</summary>
internal sealed class LocalizationStart
{
    private readonly int _filters;
    private readonly FilmLayer? _below;
    private readonly FilmLayer? _above;
    private readonly Convolution _up;
    private readonly Convolution _mix;

    public LocalizationStart(NamedLayers layers, Modified3DUnetOptions o)
    {
        _filters = o.Filters;
        var (deep, channels) = (o.Filters << 4, o.Filters << 3);
        _below = layers.Film(deep);
        _up = _below is null
            ? layers.Convolution("norm_lrelu_upscale_conv_norm_lrelu_l0", deep, channels, 3, slot: 3)
            : layers.Convolution("upscale_conv_norm_lrelu_0", deep, channels, 3, slot: 1);
        _mix = layers.Convolution("conv3d_l0", channels, channels, 1);
        _above = layers.Film(channels);
    }

    public T Describe<T>(INetworkOps<T> ops, T x, T? metadata)
    {
        x = FilmLayer.Apply(_below, ops, LocalizationPathway.Activated(ops, x, _filters << 4), metadata);
        x = LocalizationPathway.Activated(ops, ops.Convolve(ops.UpsampleNearest(x), _up), _filters << 3);
        x = LocalizationPathway.Activated(ops, ops.Convolve(x, _mix), _filters << 3);
        return FilmLayer.Apply(_above, ops, x, metadata);
    }
}

/// <summary>The ascending half with deep supervision.</summary>
internal sealed class LocalizationPathway
{
    private const int Steps = 3;
    private readonly int _filters;
    private readonly LocalizationStart _start;
    private readonly Convolution[] _join = new Convolution[Steps + 1];
    private readonly Convolution[] _reduce = new Convolution[Steps];
    private readonly Convolution[] _up = new Convolution[Steps];
    private readonly FilmLayer?[] _films = new FilmLayer?[Steps + 1];
    private readonly Convolution _answer;
    private readonly Convolution[] _coarse = new Convolution[2];

    public LocalizationPathway(NamedLayers layers, Modified3DUnetOptions o, LocalizationStart start)
    {
        (_filters, _start) = (o.Filters, start);
        for (var step = 0; step < Steps; step++)
        {
            var channels = Channels(step);
            _join[step] = layers.Convolution($"conv_norm_lrelu_l{step + 1}", 2 * channels, 2 * channels, 3, slot: 0);
            _reduce[step] = layers.Convolution($"conv3d_l{step + 1}", 2 * channels, channels, 1);
            _films[step] = layers.Film(channels / 2);
            _up[step] = layers.Convolution($"norm_lrelu_upscale_conv_norm_lrelu_l{step + 1}", channels, channels / 2, 3, slot: 3);
        }

        var logits = OutputActivation.LogitChannels(o.Classes);
        _join[Steps] = layers.Convolution("conv_norm_lrelu_l4", 2 * o.Filters, 2 * o.Filters, 3, slot: 0);
        _answer = layers.Convolution("conv3d_l4", 2 * o.Filters, logits, 1);
        _coarse[0] = layers.Convolution("ds2_1x1_conv3d", o.Filters << 3, logits, 1);
        _coarse[1] = layers.Convolution("ds3_1x1_conv3d", o.Filters << 2, logits, 1);
        _films[Steps] = layers.Film(logits);
    }

    /// <returns>Logits.</returns>
    public T Describe<T>(INetworkOps<T> ops, T x, T[] skips, NetworkInputs<T> inputs)
    {
        x = _start.Describe(ops, x, inputs.Metadata);
        var answers = new T[2];
        for (var step = 0; step < Steps; step++)
        {
            var channels = Channels(step);
            x = Activated(ops, ops.Convolve(ops.Concat(x, skips[Steps - step]), _join[step]), 2 * channels);
            if (step > 0)
                answers[step - 1] = ops.Convolve(ops.Retain(x), _coarse[step - 1]);
            x = Activated(ops, ops.Convolve(x, _reduce[step]), channels);
            x = Activated(ops, ops.Convolve(ops.UpsampleNearest(x), _up[step]), channels / 2);
            x = FilmLayer.Apply(_films[step], ops, x, inputs.Metadata);
        }

        x = Activated(ops, ops.Convolve(ops.Concat(skips[0], x), _join[Steps]), 2 * _filters);
        var coarse = ops.UpsampleNearest(ops.Add(ops.UpsampleNearest(answers[0]), answers[1]));
        x = ops.Add(ops.Convolve(x, _answer), coarse);
        return FilmLayer.Apply(_films[Steps], ops, x, inputs.Metadata);
    }

    /// <summary>Normalisation of the instance, then leaky ReLU.</summary>
    public static T Activated<T>(INetworkOps<T> ops, T x, int channels) => ops.LeakyRelu(ops.NormalizeInstance(x, channels), NamedLayers.Slope);

    /// <summary>Of the skip connection that a step joins: 8n, 4n, 2n.</summary>
    private int Channels(int step) => _filters << (Steps - step);
}
