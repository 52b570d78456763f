using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>What the deepest level tells the attention gates: convolution 1×1×1, batch normalisation, ReLU.</summary>
internal sealed class GatingSignal : NetworkPart
{
    private readonly Convolution _convolution;
    private readonly BatchNorm3d _norm;

    public GatingSignal(int inChannels, int outChannels)
        : base(nameof(GatingSignal))
    {
        var slots = new ModuleSlots();
        slots.Add(0, _convolution = Layers.Convolution(3, inChannels, outChannels, 1));
        slots.Add(1, _norm = nn.BatchNorm3d(outChannels));
        register_module("conv1", slots);
    }

    public T Describe<T>(INetworkOps<T> ops, T x) => ops.Relu(ops.Normalize(ops.Convolve(x, _convolution), _norm));
}

/// <summary>
/// Attention on a skip connection (Oktay et al. 2018): each voxel is multiplied by a weight in (0,1) that depends on it and on the
/// gating signal, computed at half the resolution.
/// </summary>
internal sealed class AttentionGate : NetworkPart
{
    private readonly Convolution _theta;
    private readonly Convolution _phi;
    private readonly Convolution _psi;
    private readonly Convolution _result;
    private readonly BatchNorm3d _norm;

    public AttentionGate(int channels, int gatingChannels)
        : base(nameof(AttentionGate))
    {
        var result = new ModuleSlots();
        result.Add(0, _result = Layers.Convolution(3, channels, channels, 1));
        result.Add(1, _norm = nn.BatchNorm3d(channels));
        register_module("W", result);
        register_module("theta", _theta = Layers.Convolution(3, channels, channels, 2, stride: 2, bias: false));
        register_module("phi", _phi = Layers.Convolution(3, gatingChannels, channels, 1));
        register_module("psi", _psi = Layers.Convolution(3, channels, 1, 1));
    }

    public T Describe<T>(INetworkOps<T> ops, T skip, T gating)
    {
        var theta = ops.Convolve(ops.Retain(skip), _theta);
        var phi = ops.UpsampleTo(ops.Convolve(gating, _phi), theta);
        var weight = ops.Sigmoid(ops.Convolve(ops.Relu(ops.Add(theta, phi)), _psi));
        weight = ops.UpsampleTo(weight, skip);
        return ops.Normalize(ops.Convolve(ops.Multiply(weight, skip), _result), _norm);
    }
}
