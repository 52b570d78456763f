using MedSeg.Engine.Configuration;
using static MedSeg.Engine.Configuration.ParameterKind;

namespace MedSeg.Engine;

/// <summary>All that cmdlets call. One file per room of the engine.</summary>
public static partial class SegEngine
{
    /// <summary>Everything that a configuration can name.</summary>
    public static ComponentCatalog Catalog { get; } = new(
        Losses, Schedulers, Transforms, Networks, KnownComponents.PostprocessingSteps);

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

    private static IReadOnlyList<ComponentSpec> Transforms =>
    [
        new(
            "Resample",
            [
                new("hspace", Number, null, 1e-9, Required: true),
                new("wspace", Number, null, 1e-9, Required: true),
                new("dspace", Number, 1.0, 1e-9),
            ]),
        new("CenterCrop", [new("size", IntegerList, null, 1, 65536, Required: true, MinimumCount: 2, MaximumCount: 3)]),
        new("ROICrop", [new("size", IntegerList, null, 1, 65536, Required: true, MinimumCount: 2, MaximumCount: 3)], false),
        new("BoundingBoxCrop", [new("size", IntegerList, null, 1, 65536, Required: true, MinimumCount: 3, MaximumCount: 3)], false),
        new("NormalizeInstance", []),
        new(
            "RandomAffine",
            [
                new("degrees", NumberOrList, 0.0, -360, 360, MinimumCount: 2, MaximumCount: 2),
                new("translate", NumberList, null, 0, 1, MinimumCount: 2, MaximumCount: 3),
                new("scale", NumberList, null, 0, 1, MinimumCount: 2, MaximumCount: 3),
            ]),
        new("RandomReverse", []),
        new(
            "RandomShiftIntensity",
            [new("shift_range", NumberList, null, Required: true, MinimumCount: 2, MaximumCount: 2), new("prob", Number, 0.1, 0, 1)]),
        new(
            "ElasticTransform",
            [
                new("alpha_range", NumberList, null, 0, Required: true, MinimumCount: 2, MaximumCount: 2),
                new("sigma_range", NumberList, null, 0, Required: true, MinimumCount: 2, MaximumCount: 2),
                new("p", Number, 0.1, 0, 1),
            ],
            false),
        new("AdditiveGaussianNoise", [new("mean", Number, 0.0), new("std", Number, 0.01, 0)], false),
        new("DilateGT", [new("dilation_factor", Number, null, 0, Required: true)], false),
        new("HistogramClipping", [new("min_percentile", Number, 5.0, 0, 100), new("max_percentile", Number, 95.0, 0, 100)], false),
        new("Clahe", [new("clip_limit", Number, 3.0, 0), new("kernel_size", IntegerList, null, 1)], false),
        new(
            "RandomGamma",
            [new("log_gamma_range", NumberList, null, Required: true, MinimumCount: 2, MaximumCount: 2), new("p", Number, 0.5, 0, 1)],
            false),
        new(
            "RandomBiasField",
            [new("coefficients", NumberOrList, null, Required: true), new("order", Integer, null, 0, Required: true), new("p", Number, 0.5, 0, 1)],
            false),
        new(
            "RandomBlur",
            [new("sigma_range", NumberList, null, 0, Required: true, MinimumCount: 2, MaximumCount: 2), new("p", Number, 0.5, 0, 1)],
            false),
    ];
}
