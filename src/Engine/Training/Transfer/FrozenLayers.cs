using MedSeg.Engine.Networks;
using TorchSharp.Modules;

namespace MedSeg.Engine.Training.Transfer;

/// <summary>
/// Layers that training leaves as they are. A frozen layer is one whose parameters need no gradient: optimisers do not see it, and
/// batch normalisation in it works as in prediction, with the statistics it came with.
/// </summary>
internal static class FrozenLayers
{
    /// <summary>Freezes the first layers of a network, but none that had to begin anew.</summary>
    /// <param name="fraction">Share of the layers, from the end, that is trained.</param>
    /// <param name="fresh">Names of layers that are trained in any case.</param>
    /// <returns>Names of the frozen layers.</returns>
    public static IReadOnlyList<string> Freeze(SegNetwork network, double fraction, IEnumerable<string> fresh)
    {
        IReadOnlyList<NetworkLayer> layers = NetworkLayer.Of(network);
        NetworkLayer[] frozen = [.. layers.Take(NetworkLayer.FrozenCount(layers.Count, fraction)).ExceptBy(fresh, layer => layer.Name)];
        foreach (var (_, parameter) in frozen.SelectMany(layer => layer.Parameters)) parameter.requires_grad = false;
        return [.. frozen.Select(layer => layer.Name)];
    }

    /// <summary>To be called whenever the network has been set to training mode.</summary>
    public static void Hold(SegNetwork network)
    {
        foreach (var (_, module) in ModuleTree.Descendants(network))
        {
            if (module is BatchNorm { weight.requires_grad: false }) module.eval();
        }
    }

    /// <summary>Full names of the parameters, statistics and counters that do not change.</summary>
    public static HashSet<string> TensorsOf(SegNetwork network) =>
        [.. NetworkLayer.Of(network).Where(layer => layer.Parameters.All(p => !p.Value.requires_grad)).SelectMany(layer => layer.Parameters.Concat(layer.Buffers)).Select(t => t.Name)];
}
