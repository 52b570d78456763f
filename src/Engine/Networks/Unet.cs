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
/// <param name="Film">Modulation by metadata with 2·depth + 2 flags: encoder levels, bottom, decoder levels, last convolution. Null for none.</param>
public sealed record UnetOptions(
    int InChannels,
    int Classes,
    int Depth = 3,
    int Filters = 64,
    double DropoutRate = 0.3,
    double BatchNormMomentum = 0.1,
    FinalActivation Activation = FinalActivation.Sigmoid,
    int Dimensions = 2,
    FilmOptions? Film = null);

/// <summary>
/// U-Net (Ronneberger, Fischer and Brox 2015) in two or three dimensions with normalisation after the activation, dropout of
/// whole channels, and linear up-sampling to the size of the skip connection, so that any size of at least 2^depth works. With
/// FiLM it is the FiLMedUnet.
/// </summary>
public sealed class Unet : SegNetwork
{
    private readonly UnetOptions _options;
    private readonly UnetEncoder _encoder;
    private readonly UnetDecoder _decoder;

    /// <summary>A network with weights drawn from <paramref name="seed"/>: the same on every platform.</summary>
    /// <exception cref="SegException"><c>SoftmaxNeedsClasses</c>: softmax over one class is always 1. <c>FilmLayersLength</c>.</exception>
    public Unet(UnetOptions options, long seed = 0)
        : base(nameof(Unet), options.InChannels, options.Classes)
    {
        Check(options);
        _options = options;
        var films = new FilmChain(options.Film);
        _encoder = new UnetEncoder(options, films);
        _decoder = new UnetDecoder(options, films);
        register_module("encoder", _encoder);
        register_module("decoder", _decoder);
        WeightInitializer.Fill(this, seed);
        ChannelsLast.Apply(this);
    }

    public override int MinimumSize => 1 << _options.Depth;

    public override int Dimensions => _options.Dimensions;

    public override IReadOnlyList<NetworkInput> Inputs => FilmOptions.InputsOf(_options.Film);

    public override T Describe<T>(INetworkOps<T> ops, NetworkInputs<T> inputs)
    {
        ArgumentNullException.ThrowIfNull(ops);
        ArgumentNullException.ThrowIfNull(inputs);
        var skips = new Stack<T>();
        var bottom = _encoder.Describe(ops, inputs, skips);
        var logits = _decoder.Describe(ops, bottom, skips, inputs);
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
        FilmOptions.Require(options.Film, (2 * options.Depth) + 2);
    }
}

/// <summary>The descending half: one block and one pooling per level, then the bottom block.</summary>
internal sealed class UnetEncoder : NetworkPart
{
    private readonly List<(DownConv Block, FilmLayer? Film)> _levels = [];
    private readonly DownConv _bottom;
    private readonly FilmLayer? _bottomFilm;

    public UnetEncoder(UnetOptions o, FilmChain films)
        : base(nameof(UnetEncoder))
    {
        var path = new ModuleSlots();
        register_module("down_path", path);
        var channels = o.InChannels;
        for (var level = 0; level < o.Depth; level++)
        {
            var next = o.Filters << level;
            var block = new DownConv(channels, next, o);
            path.Add(3 * level, block);
            var film = films.Next(next);
            if (film is not null)
                path.Add((3 * level) + 1, film);
            _levels.Add((block, film));
            channels = next;
        }

        _bottom = new DownConv(channels, channels, o);
        register_module("conv_bottom", _bottom);
        _bottomFilm = films.Next(channels);
        if (_bottomFilm is not null)
            register_module("film_bottom", _bottomFilm);
    }

    public T Describe<T>(INetworkOps<T> ops, NetworkInputs<T> inputs, Stack<T> skips)
    {
        var x = inputs.Image;
        foreach (var (block, film) in _levels)
        {
            x = ops.Retain(FilmLayer.Apply(film, ops, block.Describe(ops, x), inputs.Metadata));
            skips.Push(x);
            x = ops.MaxPool(x);
        }

        return FilmLayer.Apply(_bottomFilm, ops, _bottom.Describe(ops, x), inputs.Metadata);
    }
}

/// <summary>The ascending half: one block per level from the deepest, then the last convolution.</summary>
internal sealed class UnetDecoder : NetworkPart
{
    private readonly List<(UpConv Block, FilmLayer? Film)> _levels = [];
    private readonly Convolution _last;
    private readonly FilmLayer? _lastFilm;

    /// <param name="o">Size.</param>
    /// <param name="films">Of the network.</param>
    /// <param name="fused">What comes from the encoder has twice the channels: mean and variance over several encoders.</param>
    public UnetDecoder(UnetOptions o, FilmChain films, bool fused = false)
        : base(nameof(UnetDecoder))
    {
        var path = new ModuleSlots();
        register_module("up_path", path);
        for (var k = 0; k < o.Depth; k++)
        {
            var skip = o.Filters << (o.Depth - 1 - k);
            var encoded = fused ? 2 * skip : skip;
            var below = k == 0 ? encoded : 2 * skip;
            var block = new UpConv(below + encoded, skip, o);
            path.Add(2 * k, block);
            var film = films.Next(skip);
            if (film is not null)
                path.Add((2 * k) + 1, film);
            _levels.Add((block, film));
        }

        var logits = OutputActivation.LogitChannels(o.Classes);
        _last = Layers.Convolution(o.Dimensions, o.Filters, logits, 3, padding: 1);
        register_module("last_conv", _last);
        _lastFilm = films.Next(logits);
        if (_lastFilm is not null)
            register_module("last_film", _lastFilm);
    }

    public T Describe<T>(INetworkOps<T> ops, T x, Stack<T> skips, NetworkInputs<T> inputs)
    {
        foreach (var (block, film) in _levels)
            x = FilmLayer.Apply(film, ops, block.Describe(ops, x, skips.Pop()), inputs.Metadata);
        return FilmLayer.Apply(_lastFilm, ops, ops.Convolve(x, _last), inputs.Metadata);
    }
}
