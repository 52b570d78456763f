using MedSeg.Engine.Configuration;
using MedSeg.Engine.Transforms;
using static MedSeg.Engine.Configuration.ParameterKind;

namespace MedSeg.Engine;

/// <summary>All that cmdlets call. One file per room of the engine.</summary>
public static partial class SegEngine
{
    /// <summary>Everything that a configuration can name.</summary>
    public static ComponentCatalog Catalog { get; } = new(
        Losses, Schedulers, TransformRegistry.Specs, Networks, KnownComponents.PostprocessingSteps);

    private static IReadOnlyList<ComponentSpec> Losses =>
    [
        new("DiceLoss", [new("smooth", Number, 1.0, 0)]),
        new("MultiClassDiceLoss", [new("classes_of_interest", IntegerList, null, 0)]),
        new("BinaryCrossEntropyLoss", []),
        new("FocalLoss", [new("gamma", Number, 2.0, 0), new("alpha", Number, 0.25, 0, 1), new("eps", Number, 1e-7, 0, 0.5)]),
        new("FocalDiceLoss", [new("beta", Number, 1.0, 0), new("gamma", Number, 2.0, 0), new("alpha", Number, 0.25, 0, 1)], false),
        new("GeneralizedDiceLoss", [new("epsilon", Number, 1e-5, 0), new("include_background", ParameterKind.Boolean, true)], false),
        new("TverskyLoss", [new("alpha", Number, 0.7, 0), new("beta", Number, 0.3, 0), new("smooth", Number, 1.0, 0)], false),
        new(
            "FocalTverskyLoss",
            [new("alpha", Number, 0.7, 0), new("beta", Number, 0.3, 0), new("gamma", Number, 1.33, 0), new("smooth", Number, 1.0, 0)],
            false),
        new("L2loss", [], false),
        new(
            "AdapWingLoss",
            [new("theta", Number, 0.5, 0), new("alpha", Number, 2.1, 0), new("omega", Number, 14.0, 0), new("epsilon", Number, 1.0, 0)],
            false),
        new("LossCombination", [new("losses_list", TextList, Required: true), new("params_list", Any)], false),
    ];

    private static IReadOnlyList<ComponentSpec> Schedulers =>
    [
        new("CosineAnnealingLR", [new("eta_min", Number, 0.0, 0), new("base_lr", Number, null, 0), new("max_lr", Number, null, 0)]),
        new(
            "CosineAnnealingWarmRestarts",
            [new("T_0", Integer, null, 1, Required: true), new("T_mult", Integer, 1L, 1), new("eta_min", Number, 0.0, 0)],
            false),
        new(
            "CyclicLR",
            [new("base_lr", Number, null, 0, Required: true), new("max_lr", Number, null, 0, Required: true), new("step_size_up", Integer, 2000L, 1)],
            false),
    ];

    private static IReadOnlyList<ComponentSpec> Networks =>
    [
        new("Unet", []),
        new("FiLMedUnet", [], false),
        new("HeMISUnet", [], false),
        new("Modified3DUNet", [], false),
        new("resnet18", [], false),
        new("densenet121", [], false),
        new("Countception", [], false),
    ];
}
