using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>
/// Twice: convolution of 3 along each axis, ReLU, normalisation, dropout of whole channels (in this order). Images are normalised
/// over the batch; volumes, whose batches are small, each on its own and without parameters.
/// </summary>
internal sealed class DownConv : NetworkPart
{
    private readonly (Convolution Conv, BatchNorm? Norm) _first;
    private readonly (Convolution Conv, BatchNorm? Norm) _second;
    private readonly int _channels;
    private readonly double _dropoutRate;

    public DownConv(int inChannels, int outChannels, UnetOptions options)
        : base(nameof(DownConv))
    {
        (_channels, _dropoutRate) = (outChannels, options.DropoutRate);
        _first = Stage("conv1", inChannels);
        _second = Stage("conv2", outChannels);

        (Convolution Conv, BatchNorm? Norm) Stage(string name, int channels)
        {
            var conv = Layers.Convolution(options.Dimensions, channels, outChannels, 3, padding: 1);
            register_module(name, conv);
            if (options.Dimensions == 3)
                return (conv, null);
            var norm = nn.BatchNorm2d(outChannels, momentum: options.BatchNormMomentum);
            register_module(name + "_bn", norm);
            return (conv, norm);
        }
    }

    public T Describe<T>(INetworkOps<T> ops, T x)
    {
        foreach (var (conv, norm) in new[] { _first, _second })
        {
            x = ops.Relu(ops.Convolve(x, conv));
            x = norm is null ? ops.NormalizeInstance(x, _channels) : ops.Normalize(x, norm);
            x = ops.Dropout(x, _dropoutRate);
        }

        return x;
    }
}

/// <summary>Up-samples to the skip connection's size, joins both (up-sampled first), then <see cref="DownConv"/>.</summary>
internal sealed class UpConv : NetworkPart
{
    private readonly DownConv _conv;

    public UpConv(int inChannels, int outChannels, UnetOptions options)
        : base(nameof(UpConv))
    {
        _conv = new DownConv(inChannels, outChannels, options);
        register_module("downconv", _conv);
    }

    public T Describe<T>(INetworkOps<T> ops, T x, T skip) => _conv.Describe(ops, ops.Concat(ops.UpsampleTo(x, skip), skip));
}

/// <summary>Numbered modules; numbers may have gaps, so that names stay those of the reference's state dictionaries.</summary>
internal sealed class ModuleSlots() : NetworkPart("slots")
{
    public void Add(int slot, nn.Module module) =>
        register_module(slot.ToString(System.Globalization.CultureInfo.InvariantCulture), module);
}
