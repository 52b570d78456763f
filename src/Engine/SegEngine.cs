using MedSeg.Engine.Configuration;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Training;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine;

/// <summary>All that cmdlets call. One file per room of the engine.</summary>
public static partial class SegEngine
{
    /// <summary>Everything that a configuration can name.</summary>
    public static ComponentCatalog Catalog { get; } = new(
        LossRegistry.Specs, SchedulerRegistry.Specs, OptimizerRegistry.Specs, TransformRegistry.Specs, NetworkRegistry.Specs, KnownComponents.PostprocessingSteps);
}
