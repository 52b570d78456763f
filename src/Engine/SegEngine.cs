using MedSeg.Engine.Configuration;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Transforms;
using static MedSeg.Engine.Configuration.ParameterKind;

namespace MedSeg.Engine;

/// <summary>All that cmdlets call. One file per room of the engine.</summary>
public static partial class SegEngine
{
    /// <summary>Everything that a configuration can name.</summary>
    public static ComponentCatalog Catalog { get; } = new(
        LossRegistry.Specs, Schedulers, TransformRegistry.Specs, NetworkRegistry.Specs, KnownComponents.PostprocessingSteps);

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
}
