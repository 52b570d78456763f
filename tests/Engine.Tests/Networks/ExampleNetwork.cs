using MedSeg.Engine.Networks;
using TorchSharp.Modules;

namespace MedSeg.Engine.Tests.Networks;

/// <summary>Two convolutions that see seven pixels: a baseline to compare larger networks with.</summary>
internal sealed class ShallowNetwork : SegNetwork
{
    private readonly Convolution _first;
    private readonly Convolution _last;

    public ShallowNetwork(int inChannels, int classes, int filters, long seed)
        : base(nameof(ShallowNetwork), inChannels, classes)
    {
        _first = Layers.Convolution(2, inChannels, filters, 5, padding: 2);
        _last = Layers.Convolution(2, filters, OutputActivation.LogitChannels(classes), 3, padding: 1);
        register_module("first", _first);
        register_module("last", _last);
        WeightInitializer.Fill(this, seed);
        ChannelsLast.Apply(this);
    }

    public override int MinimumSize => 1;

    public override T Describe<T>(INetworkOps<T> ops, NetworkInputs<T> inputs)
    {
        var x = ops.Relu(ops.Convolve(inputs.Image, _first));
        return OutputActivation.Apply(ops, ops.Convolve(x, _last), FinalActivation.Sigmoid, Classes);
    }
}

/// <summary>The example's line of the registry.</summary>
internal static class ExampleRegistry
{
    public static readonly Dictionary<string, Func<SegConfig, NetworkShape, long, SegNetwork>> Makers = new(StringComparer.Ordinal)
    {
        ["ShallowNetwork"] = (config, shape, seed) => new ShallowNetwork(shape.InChannels, shape.Classes, config.DefaultModel.NFilters, seed),
    };
}
