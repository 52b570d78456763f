using MedSeg.Engine.Networks;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>Says where a loss that is NaN or infinite began, by one more forward pass over the same batch that looks at every layer.</summary>
/// <remarks>Layers are convolutions, linear layers and batch normalisations; what anything else spoils shows in the layer behind it.</remarks>
internal static class NotFiniteSearch
{
    /// <param name="network">In the mode in which the loss was computed.</param>
    /// <param name="inputs">Images (N,C,H,W) or (N,C,H,W,D) and what goes beside them.</param>
    /// <param name="target">(N,K,H,W), (N,K,H,W,D) or (N,K)</param>
    /// <param name="forward">The forward pass over <paramref name="inputs"/>, with the same random numbers.</param>
    /// <returns>A sentence: the images, the labels, the first bad layer in the order of the pass, or the loss itself.</returns>
    public static string Explain(SegNetwork network, NetworkInputs inputs, Tensor target, Func<Tensor> forward)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (!IsFinite(inputs.Image)) return "The images themselves hold NaN or infinite values after their transforms.";
        foreach (NetworkInput input in network.Inputs)
        {
            if (inputs[input.Name] is { } numbers && !IsFinite(numbers)) return $"The numbers of '{input.Name}' that go with the images hold NaN or infinite values.";
        }

        if (!IsFinite(target)) return "The labels hold NaN or infinite values after their transforms.";
        return FirstLayer(network, forward, out bool outputIsFinite) switch
        {
            { } layer when WeightsOf(network, layer) is { } weights =>
                $"The first layer with a bad output is '{layer}'; its '{weights}' was NaN or infinite before this batch.",
            { } layer => $"The first layer with a bad output is '{layer}'; its weights and the images are finite.",
            null when !outputIsFinite => "The outputs of all layers are finite; the final activation made the bad values.",
            null => "The outputs of all layers and of the network are finite; the loss function made the bad value.",
        };
    }

    private static string? FirstLayer(SegNetwork network, Func<Tensor> forward, out bool outputIsFinite)
    {
        object? first = null;
        void Look(object layer, Tensor output)
        {
            if (first is null && !IsFinite(output)) first = layer;
        }

        network.LayerDone += Look;
        try
        {
            outputIsFinite = IsFinite(forward());
        }
        finally
        {
            network.LayerDone -= Look;
        }

        return first is null ? null : NameOf(network, first);
    }

    /// <param name="layer">A module, or the bias of a linear layer.</param>
    private static string NameOf(SegNetwork network, object layer) =>
        ModuleTree.Descendants(network).FirstOrDefault(m => ReferenceEquals(m.Module, layer)).Name
        ?? network.named_parameters().First(p => ReferenceEquals(p.parameter, layer)).name[..^".bias".Length];

    /// <summary>The layer's first weight or buffer that is not finite; null when all are.</summary>
    private static string? WeightsOf(SegNetwork network, string layer) =>
        NamedTensors.Of(network).Where(t => t.Name.StartsWith(layer + ".", StringComparison.Ordinal) && !IsFinite(t.Value))
            .Select(t => t.Name[(layer.Length + 1)..]).FirstOrDefault();

    private static bool IsFinite(Tensor values)
    {
        using Tensor finite = values.isfinite();
        using Tensor all = finite.all();
        return all.item<bool>();
    }
}
