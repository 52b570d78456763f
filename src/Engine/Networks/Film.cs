using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>Modulation by metadata, FiLM (Perez et al. 2018).</summary>
/// <param name="Metadata">M: numbers per sample, one-hot categories.</param>
/// <param name="Layers">Which layers are modulated, in the order of the forward pass.</param>
public sealed record FilmOptions(int Metadata, IReadOnlyList<bool> Layers)
{
    /// <summary>What a network modulated so takes beyond the image.</summary>
    internal static IReadOnlyList<NetworkInput> InputsOf(FilmOptions? film) =>
        film?.Layers.Any(on => on) == true ? [new NetworkInput(NetworkInput.Metadata, film.Metadata)] : [];

    /// <exception cref="SegException"><c>FilmLayersLength</c>.</exception>
    internal static void Require(FilmOptions? film, int layers)
    {
        if (film is null)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(film.Metadata, 1);
        if (film.Layers.Count != layers)
        {
            throw new SegException(
                "FilmLayersLength", SegErrorKind.InvalidArgument, $"FiLMedUnet.film_layers has {film.Layers.Count} flags; the network needs {layers}.",
                "Give one flag per layer: encoder levels, bottom, decoder levels, last convolution.", "FiLMedUnet.film_layers");
        }
    }
}

/// <summary>Makes the modulated layers of one network in order; all use the first one's two weight matrices.</summary>
internal sealed class FilmChain(FilmOptions? film)
{
    private FilmGenerator? _first;
    private int _next;

    /// <summary>The next layer, or null where the network is not modulated.</summary>
    /// <param name="channels">Of the value to modulate.</param>
    public FilmLayer? Next(int channels)
    {
        if (film?.Layers[_next++] != true)
            return null;
        var layer = new FilmLayer(film.Metadata, channels, _first);
        _first ??= layer.Generator;
        return layer;
    }
}

/// <summary>y = γ·x + β with one γ and β in (0,1) per channel, from the metadata of each sample.</summary>
internal sealed class FilmLayer : NetworkPart
{
    private readonly int _channels;

    public FilmLayer(int metadata, int channels, FilmGenerator? shared)
        : base(nameof(FilmLayer))
    {
        _channels = channels;
        Generator = new FilmGenerator(metadata, channels, shared);
        register_module("generator", Generator);
    }

    public FilmGenerator Generator { get; }

    /// <summary>Nothing where there is no layer.</summary>
    public static T Apply<T>(FilmLayer? layer, INetworkOps<T> ops, T x, T? metadata)
    {
        if (layer is null)
            return x;
        var numbers = ops.Retain(layer.Generator.Describe(ops, metadata!));
        var scale = ops.OverSpace(ops.KeepChannels(numbers, layer._channels));
        var shift = ops.OverSpace(ops.DropChannels(numbers, layer._channels));
        return ops.Add(ops.Multiply(x, scale), shift);
    }
}

/// <summary>(N,M) → (N,2C): three linear layers M → 64 → 16 → 2C, each with a sigmoid.</summary>
internal sealed class FilmGenerator : NetworkPart
{
    private const int First = 64;
    private const int Second = 16;
    private readonly FilmLinear[] _layers;

    public FilmGenerator(int metadata, int channels, FilmGenerator? shared)
        : base(nameof(FilmGenerator))
    {
        _layers =
        [
            new FilmLinear(metadata, First, shared?._layers[0]), new FilmLinear(First, Second, shared?._layers[1]), new FilmLinear(Second, 2 * channels, null),
        ];
        for (var i = 0; i < _layers.Length; i++)
            register_module($"linear{i + 1}", _layers[i]);
    }

    public T Describe<T>(INetworkOps<T> ops, T metadata)
    {
        var x = metadata;
        foreach (var layer in _layers)
            x = ops.Sigmoid(ops.Linear(x, layer.Weight, layer.Bias));
        return x;
    }
}

/// <summary>A linear layer with its own bias and its own or another layer's weight, which the state then has once, under the owner's name.</summary>
internal sealed class FilmLinear : NetworkPart
{
    private readonly FilmLinear? _owner;

    public FilmLinear(int inFeatures, int outFeatures, FilmLinear? owner)
        : base(nameof(FilmLinear))
    {
        _owner = owner;
        if (owner is null)
            register_parameter("weight", New(outFeatures, inFeatures));
        register_parameter("bias", New(outFeatures));
    }

    /// <summary>(L,C)</summary>
    public Parameter Weight => _owner?.Weight ?? get_parameter("weight")!;

    /// <summary>(L)</summary>
    public Parameter Bias => get_parameter("bias")!;

    public bool OwnsWeight => _owner is null;

    private static Parameter New(params long[] shape)
    {
        var parameter = new Parameter(zeros(shape));
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
