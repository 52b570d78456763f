using MedSeg.Engine.Networks;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>Weights and buffers by name, outside of any dispose scope, on the CPU.</summary>
internal sealed class NamedTensors : IDisposable
{
    private NamedTensors(IReadOnlyList<(string Name, Tensor Value)> items) => Items = items;

    public IReadOnlyList<(string Name, Tensor Value)> Items { get; }

    /// <summary>The network's own weights and buffers, in its order.</summary>
    public static IEnumerable<(string Name, Tensor Value)> Of(SegNetwork network) =>
        Safetensors.StateOf(network);

    /// <summary>A copy that later training steps don't touch.</summary>
    public static NamedTensors Copy(IEnumerable<(string Name, Tensor Value)> items)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return new([.. items.Select(item => (item.Name, item.Value.detach().to(CPU, copy: true).DetachFromDisposeScope()))]);
    }

    /// <summary>Overwrites the network's weights and buffers in place.</summary>
    public static void Load(SegNetwork network, Func<string, Tensor> value)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target) in Of(network)) target.copy_(value(name));
    }

    /// <summary>Name of the first weight or buffer with a NaN or an infinity; null when all is well.</summary>
    public static string? FirstNotFinite(SegNetwork network)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return Of(network).Where(item => item.Value.is_floating_point() && !item.Value.isfinite().all().item<bool>())
            .Select(item => item.Name).FirstOrDefault();
    }

    public void Dispose()
    {
        foreach (var (_, value) in Items) value.Dispose();
    }
}
