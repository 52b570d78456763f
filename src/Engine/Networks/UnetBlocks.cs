using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>Twice: convolution 3×3, ReLU, batch normalisation, dropout of whole channels (in this order).</summary>
internal sealed class DownConv : NetworkPart
{
    private readonly (Conv2d Conv, BatchNorm2d Norm, Dropout2d Drop) _first;
    private readonly (Conv2d Conv, BatchNorm2d Norm, Dropout2d Drop) _second;

    public DownConv(int inChannels, int outChannels, double dropoutRate, double batchNormMomentum)
        : base(nameof(DownConv))
    {
        _first = Stage("conv1", inChannels);
        _second = Stage("conv2", outChannels);

        (Conv2d Conv, BatchNorm2d Norm, Dropout2d Drop) Stage(string name, int channels)
        {
            var conv = nn.Conv2d(channels, outChannels, 3, padding: 1);
            var norm = nn.BatchNorm2d(outChannels, momentum: batchNormMomentum);
            var drop = nn.Dropout2d(dropoutRate);
            register_module(name, conv);
            register_module(name + "_bn", norm);
            register_module(name + "_drop", drop);
            return (conv, norm, drop);
        }
    }

    public T Describe<T>(INetworkOps<T> ops, T x)
    {
        foreach (var (conv, norm, drop) in new[] { _first, _second })
            x = ops.Dropout(ops.Normalize(ops.Relu(ops.Convolve(x, conv)), norm), drop);
        return x;
    }
}

/// <summary>Up-samples to the skip connection's size, joins both (up-sampled first), then <see cref="DownConv"/>.</summary>
internal sealed class UpConv : NetworkPart
{
    private readonly DownConv _conv;

    public UpConv(int inChannels, int outChannels, double dropoutRate, double batchNormMomentum)
        : base(nameof(UpConv))
    {
        _conv = new DownConv(inChannels, outChannels, dropoutRate, batchNormMomentum);
        register_module("downconv", _conv);
    }

    public T Describe<T>(INetworkOps<T> ops, T x, T skip) => _conv.Describe(ops, ops.Concat(ops.UpsampleTo(x, skip), skip));
}

/// <summary>Numbered modules; numbers may have gaps, so that names stay those of the reference's state dictionaries.</summary>
internal sealed class ModuleSlots<TModule> : NetworkPart
    where TModule : nn.Module
{
    private readonly List<TModule> _modules = [];

    public ModuleSlots()
        : base("slots")
    {
    }

    public IReadOnlyList<TModule> Modules => _modules;

    public void Add(int slot, TModule module)
    {
        register_module(slot.ToString(System.Globalization.CultureInfo.InvariantCulture), module);
        _modules.Add(module);
    }
}
