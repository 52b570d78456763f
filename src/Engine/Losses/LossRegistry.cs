using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Losses;

/// <summary>The losses that <c>training_parameters.loss.name</c> can name.</summary>
public static class LossRegistry
{
    private static readonly (ComponentSpec Spec, Func<ComponentConfig, ISegLoss> Create)[] Losses =
    [
        (DiceLoss.Spec, DiceLoss.Create),
        (MultiClassDiceLoss.Spec, MultiClassDiceLoss.Create),
        (BinaryCrossEntropyLoss.Spec, BinaryCrossEntropyLoss.Create),
        (FocalLoss.Spec, FocalLoss.Create),
        (FocalDiceLoss.Spec, FocalDiceLoss.Create),
        (GeneralizedDiceLoss.Spec, GeneralizedDiceLoss.Create),
        (TverskyLoss.Spec, TverskyLoss.Create),
        (FocalTverskyLoss.Spec, FocalTverskyLoss.Create),
        (L2Loss.Spec, L2Loss.Create),
        (AdapWingLoss.Spec, AdapWingLoss.Create),
    ];

    private static readonly ComponentSpec Combination = LossCombination.SpecFor(Losses.Select(l => l.Spec));

    /// <summary>Every loss.</summary>
    public static IReadOnlyList<ComponentSpec> Specs { get; } = [.. Losses.Select(l => l.Spec), Combination];

    /// <summary>Builds a configured loss.</summary>
    /// <exception cref="SegException"><c>LossUnknown</c>, <c>LossParameters</c> or a wrong parameter.</exception>
    public static ISegLoss Create(ComponentConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Name == Combination.Name ? LossCombination.Create(config, Combination, Single) : Single(config);
    }

    /// <summary>A loss in which classes count differently; the loss itself without weights.</summary>
    /// <exception cref="SegException"><c>LossTakesNoWeights</c>.</exception>
    internal static ISegLoss Weighted(ISegLoss loss, ClassWeights? weights) => (weights, loss) switch
    {
        (null, _) => loss,
        (_, IClassWeighted weighted) => weighted.With(weights),
        _ => throw new SegException(
            "LossTakesNoWeights", SegErrorKind.InvalidArgument, $"{loss.Name} takes no weights of classes.",
            "Remove training_parameters.class_weights and balance_classes, or choose another loss.", "training_parameters.class_weights"),
    };

    private static ISegLoss Single(ComponentConfig config)
    {
        foreach (var (spec, create) in Losses)
        {
            if (spec.Name == config.Name)
                return create(config);
        }

        throw new SegException(
            "LossUnknown", SegErrorKind.InvalidArgument, $"training_parameters.loss: '{config.Name}' is not a known loss.",
            $"Use one of: {string.Join(", ", Specs.Select(s => s.Name))}.", "training_parameters.loss.name");
    }
}
