using TorchSharp.Modules;

namespace MedSeg.Engine.Networks;

/// <summary>Size and behaviour of a <see cref="Modified3DUnet"/>.</summary>
/// <param name="InChannels">Channels of the input.</param>
/// <param name="Classes">Classes without background.</param>
/// <param name="Filters">n: channels of the first level.</param>
/// <param name="Attention">Attention gates on three of the four skip connections.</param>
/// <param name="DropoutRate">Probability that a whole channel is dropped, in [0,1).</param>
/// <param name="Activation">Of the output; <c>relu</c> divides by the sample's maximum and not by the sum over classes.</param>
/// <param name="Film">Modulation by metadata with ten flags, or null.</param>
public sealed record Modified3DUnetOptions(
    int InChannels,
    int Classes,
    int Filters = 16,
    bool Attention = false,
    double DropoutRate = 0.3,
    FinalActivation Activation = FinalActivation.Sigmoid,
    FilmOptions? Film = null);

/// <summary>
/// The network for volumes of Isensee et al. 2017: a context pathway of five levels with residual connections, a localisation
/// pathway, and deep supervision, which adds the answers of two coarser levels to the output.
/// </summary>
public sealed class Modified3DUnet : SegNetwork
{
    /// <summary>Layers that FiLM can modulate.</summary>
    public const int FilmLayers = 10;

    private const int Levels = 5;
    private readonly Modified3DUnetOptions _options;
    private readonly ContextPathway _context;
    private readonly (GatingSignal Signal, AttentionGate[] Gates)? _attention;
    private readonly LocalizationPathway _localization;

    /// <summary>A network with weights drawn from <paramref name="seed"/>: the same on every platform.</summary>
    /// <exception cref="SegException"><c>SoftmaxNeedsClasses</c> or <c>FilmLayersLength</c>.</exception>
    public Modified3DUnet(Modified3DUnetOptions options, long seed = 0)
        : base("Modified3DUNet", options.InChannels, options.Classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Filters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DropoutRate, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.DropoutRate, 1);
        OutputActivation.Require(options.Activation, options.Classes);
        FilmOptions.Require(options.Film, FilmLayers);
        _options = options;
        var layers = new NamedLayers(this, options.Film);
        _context = new ContextPathway(layers, options);
        var start = new LocalizationStart(layers, options);
        _attention = options.Attention ? Attention(options.Filters) : null;
        _localization = new LocalizationPathway(layers, options, start);
        WeightInitializer.Fill(this, seed);
        for (var i = 0; i < _attention?.Gates.Length; i++)
            WeightInitializer.FillNormal(_attention.Value.Gates[i], seed, key: i);
    }

    public override int Dimensions => 3;

    public override int MinimumSize => SizeMultiple;

    /// <summary>Four convolutions of stride 2, and skip connections that are joined as they are.</summary>
    public override int SizeMultiple => 1 << (Levels - 1);

    public override IReadOnlyList<NetworkInput> Inputs => FilmOptions.InputsOf(_options.Film);

    public override T Describe<T>(INetworkOps<T> ops, NetworkInputs<T> inputs)
    {
        ArgumentNullException.ThrowIfNull(ops);
        ArgumentNullException.ThrowIfNull(inputs);
        var skips = new T[Levels - 1];
        var x = _context.Describe(ops, inputs, skips);
        if (_attention is var (signal, gates))
        {
            x = ops.LeakyRelu(ops.NormalizeInstance(x, _options.Filters << 4), NamedLayers.Slope);
            var gating = signal.Describe(ops, ops.Retain(x));
            for (var i = gates.Length; i >= 1; i--)
                skips[i] = gates[i - 1].Describe(ops, skips[i], i > 1 ? ops.Retain(gating) : gating);
        }

        var logits = _localization.Describe(ops, x, skips, inputs);
        return OutputActivation.Apply(ops, logits, _options.Activation, Classes, shared: false);
    }

    /// <summary>Gates on the skip connections of levels 2 to 4.</summary>
    private (GatingSignal Signal, AttentionGate[] Gates) Attention(int filters)
    {
        var signal = new GatingSignal(filters << 4, filters << 3);
        register_module("gating", signal);
        AttentionGate[] gates = [.. Enumerable.Range(1, 3).Select(level => new AttentionGate(filters << level, filters << 3))];
        for (var i = 0; i < gates.Length; i++)
            register_module($"attentionblock{i + 2}", gates[i]);
        return (signal, gates);
    }
}

/// <summary>Makes the layers of a <see cref="Modified3DUnet"/> under the names of the reference's state, in its order.</summary>
internal sealed class NamedLayers(Modified3DUnet network, FilmOptions? film)
{
    /// <summary>Of all leaky ReLU.</summary>
    public const double Slope = 0.01;

    private readonly FilmChain _films = new(film);
    private int _film;

    /// <summary>A convolution without bias; with a slot it is a numbered part of what the name says.</summary>
    public Convolution Convolution(string name, int inChannels, int outChannels, int kernel, int stride = 1, int? slot = null)
    {
        var layer = Layers.Convolution(3, inChannels, outChannels, kernel, stride, padding: kernel / 2, bias: false);
        if (slot is { } number)
        {
            var slots = new ModuleSlots();
            slots.Add(number, layer);
            network.register_module(name, slots);
        }
        else
        {
            network.register_module(name, layer);
        }

        return layer;
    }

    public FilmLayer? Film(int channels)
    {
        _film++;
        var layer = _films.Next(channels);
        if (layer is not null)
            network.register_module($"film_layer{_film}", layer);
        return layer;
    }
}
