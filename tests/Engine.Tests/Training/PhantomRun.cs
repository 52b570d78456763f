using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;

namespace MedSeg.Engine.Tests.Training;

/// <summary>A small phantom dataset and what it takes to train on it in a second.</summary>
public sealed class PhantomRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _runs;

    public PhantomRun()
    {
        string data = _folder.File("data");
        Phantom.Create(new PhantomRequest(data, 5, ["T2w"], 3, [24, 24, 3]), SilentObserver.Instance, default);
        Dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
    }

    public BidsDataset Dataset { get; }

    /// <summary>Three epochs of three batches, with dropout and augmentation.</summary>
    public static SegConfig Config(Action<SegConfig>? change = null)
    {
        var config = new SegConfig { ModelName = "phantom" };
        config.LoaderParameters.TargetSuffix = ["_seg-cord", "_seg-csf"];
        config.LoaderParameters.ContrastParams.TrainingValidation = ["T2w"];
        config.LoaderParameters.ContrastParams.Testing = ["T2w"];
        config.DefaultModel.Depth = 2;
        config.DefaultModel.NFilters = 4;
        config.TrainingParameters.BatchSize = 3;
        config.TrainingParameters.TrainingTime.NumEpochs = 3;
        config.TrainingParameters.Scheduler.InitialLr = 0.01;
        config.Transformation =
        [
            new TransformConfig("CenterCrop", new Dictionary<string, object?> { ["size"] = new object?[] { 20L, 20L } }),
            new TransformConfig("RandomAffine", new Dictionary<string, object?> { ["degrees"] = 10.0 }) { DatasetType = ["training"] },
            new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] },
        ];
        change?.Invoke(config);
        return config;
    }

    /// <summary>A run folder that nothing has used.</summary>
    public string NewFolder() => _folder.File("run" + Interlocked.Increment(ref _runs));

    internal SegModel Train(string folder, bool resume = false, int? seed = 4, SegConfig? config = null, int workers = 1,
        ISegObserver? observer = null, Action<RunPosition>? batchDone = null, bool force = false, int films = 0, double? search = null,
        SegThresholdCriterion? criterion = null, CancellationToken ct = default) =>
        Trainer.Run(
            new TrainingRequest(Dataset, config ?? Config(), folder, "cpu", seed, resume) { Force = force, Films = films, ThresholdIncrement = search, ThresholdCriterion = criterion }, SegEngine.Catalog,
            observer ?? SilentObserver.Instance, new TrainerOptions(workers, (position, _) => batchDone?.Invoke(position)), ct);

    /// <summary>Trains until that many batches are done, then stops.</summary>
    public void TrainUntil(string folder, int batches, bool resume = false, int? seed = 4)
    {
        using var stop = new CancellationTokenSource();
        Xunit.Assert.ThrowsAny<OperationCanceledException>(() => Train(folder, resume, seed, ct: stop.Token, batchDone: position =>
        {
            if (position.Steps >= batches) stop.Cancel();
        }));
    }

    public void Dispose() => _folder.Dispose();
}
