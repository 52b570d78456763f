using MedSeg.Benchmarks.Steps;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>The benchmarks that <c>ratios</c> runs, in this order.</summary>
public static class RatioRegistry
{
    public static IReadOnlyList<IRatioBenchmark> All { get; } =
    [
        new NiftiReadRatio(),
        new EpochRatio(),
        .. NetworkCase.Full.Zip(NetworkCase.Quick, (full, small) => new TrainRatio(full, small)),
        new FirstBatchRatio(),
        new MetricsRatio(),
        new OnnxSessionRatio(),
        new MemorySlope(),
        .. NetworkCase.Full.Zip(NetworkCase.Quick, (full, small) => new PeakRatio(full, small)),
        new PredictRatio(),
        new PredictPatchesRatio(),
        new ImportRatio(),
        new TablesRatio(),
        new CheckRatio(),
        new ModuleRatio(),
    ];
}
