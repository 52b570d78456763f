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
    ];

    /// <summary>Losses that are known and come later; their parameters are checked already.</summary>
    private static readonly ComponentSpec[] Later =
    [
        Coming("FocalDiceLoss", Number("beta", 1), Number("gamma", 2), Number("alpha", 0.25)),
        Coming("GeneralizedDiceLoss", Number("epsilon", 1e-5), new("include_background", ParameterKind.Boolean, true)),
        Coming("TverskyLoss", Number("alpha", 0.7), Number("beta", 0.3), Number("smooth", 1)),
        Coming("FocalTverskyLoss", Number("alpha", 0.7), Number("beta", 0.3), Number("gamma", 1.33), Number("smooth", 1)),
        Coming("L2loss"),
        Coming("AdapWingLoss", Number("theta", 0.5), Number("alpha", 2.1), Number("omega", 14), Number("epsilon", 1)),
        Coming("LossCombination", new("losses_list", ParameterKind.TextList, Required: true), new("params_list", ParameterKind.Any)),
    ];

    /// <summary>Every loss, also those that come later.</summary>
    public static IReadOnlyList<ComponentSpec> Specs { get; } = [.. Losses.Select(l => l.Spec), .. Later];

    /// <summary>Builds a configured loss.</summary>
    /// <exception cref="SegException"><c>LossUnknown</c>, <c>NotSupportedYet</c> or a wrong parameter.</exception>
    public static ISegLoss Create(ComponentConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        foreach (var (spec, create) in Losses)
        {
            if (spec.Name == config.Name)
                return create(config);
        }

        var supported = string.Join(", ", Losses.Select(l => l.Spec.Name));
        throw Later.Any(spec => spec.Name == config.Name)
            ? new SegException(
                "NotSupportedYet", SegErrorKind.NotSupported, $"The loss '{config.Name}' is not supported yet.",
                $"Use one of: {supported}.", "training_parameters.loss.name")
            : new SegException(
                "LossUnknown", SegErrorKind.InvalidArgument, $"training_parameters.loss.name '{config.Name}' is not a known loss.",
                $"Use one of: {supported}.", "training_parameters.loss.name");
    }

    private static ComponentSpec Coming(string name, params ParameterSpec[] parameters) => new(name, parameters, Supported: false);

    private static ParameterSpec Number(string name, double value) => new(name, ParameterKind.Number, value, Minimum: 0);
}
