using MedSeg.Engine.Networks;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.Transfer;

/// <summary>A layer that learns: parameters of one module, with its running statistics.</summary>
/// <param name="Name">Dotted name of the module.</param>
/// <param name="Parameters">By their full names.</param>
/// <param name="Buffers">Running statistics and counters.</param>
internal sealed record NetworkLayer(
    string Name, IReadOnlyList<(string Name, Tensor Value)> Parameters, IReadOnlyList<(string Name, Tensor Value)> Buffers)
{
    /// <summary>What must be there to take a layer over: all but counters of batches.</summary>
    public IEnumerable<(string Name, Tensor Value)> Needed => Parameters.Concat(Buffers.Where(b => b.Value.is_floating_point()));

    /// <summary>The layers of a network in the order of its definition. Modules without parameters are none (D-61).</summary>
    public static IReadOnlyList<NetworkLayer> Of(SegNetwork network)
    {
        ILookup<string, (string Name, Tensor Value)> buffers = network.named_buffers().Select(b => (b.name, b.buffer)).ToLookup(b => ModuleOf(b.name));
        return [.. network.named_parameters().GroupBy(p => ModuleOf(p.name))
            .Select(g => new NetworkLayer(g.Key, [.. g.Select(p => (p.name, (Tensor)p.parameter))], [.. buffers[g.Key]]))];
    }

    /// <summary>How many layers, from the first, stay as they are when a fraction is trained: halves go to the even number.</summary>
    public static int FrozenCount(int layers, double fraction) => (int)Math.Round(layers * (1 - fraction), MidpointRounding.ToEven);

    private static string ModuleOf(string name) => name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : name;
}
