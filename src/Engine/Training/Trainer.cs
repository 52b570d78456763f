using MedSeg.Engine.Configuration;
using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Caching;
using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Data.Sampling;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Training.MixedPrecision;
using MedSeg.Engine.Training.Mixing;
using MedSeg.Engine.Training.Modulation;
using MedSeg.Engine.Training.Thresholds;
using MedSeg.Engine.Training.Transfer;
using MedSeg.Engine.Training.Watching;
using MedSeg.Engine.Transforms;
using TorchSharp;

namespace MedSeg.Engine.Training;

/// <summary>Trains a network from a request to a packaged model.</summary>
public static class Trainer
{
    /// <summary>
    /// Runs a training, or continues one. The same request gives the same weights bit by bit on the CPU with as many threads,
    /// however often it was stopped and continued in between and however many threads loaded the data.
    /// </summary>
    /// <exception cref="SegException">
    /// Errors of the configuration and the images; <c>RunLocked</c>, <c>RunExists</c>, <c>NothingToResume</c>, <c>ResumeMismatch</c>, <c>ForceWithoutResume</c>, <c>CriterionWithoutSearch</c>,
    /// <c>CheckpointDamaged</c>, <c>LossNotFinite</c>, <c>DeviceOutOfMemory</c>, <c>DiskFull</c>, <c>CannotWrite</c>.
    /// </exception>
    /// <exception cref="OperationCanceledException">Stopped; a checkpoint has been saved where training had begun.</exception>
    public static SegModel Run(TrainingRequest request, ComponentCatalog catalog, ISegObserver o, CancellationToken ct) =>
        Run(request, catalog, o, new TrainerOptions(), ct);

    internal static SegModel Run(TrainingRequest request, ComponentCatalog catalog, ISegObserver o, TrainerOptions options, CancellationToken ct)
    {
        if (request is { Force: true, Resume: false }) throw ForceNeedsResume();
        if (request.ThresholdIncrement is { } increment) _ = new ThresholdGrid(increment);
        else if (request.ThresholdCriterion is not null) throw CriterionNeedsSearch();
        SegConfig config = Snapshot(request.Config, catalog, o);
        torch.Device device = DeviceChoice.Of(request.Device, config.GpuIds, o.Warning);
        _ = PrecisionChoice.Of(config.TrainingParameters.Precision, device.type); // Refused before anything is read.
        SegSplit split = request.Split ?? SplitMaker.Make(request.Dataset, config, o.Warning, request.Location);
        TrainingImages images = TrainingImages.Of(request.Dataset, config, split, o.Warning);
        using SliceClassifier? classifier = SliceClassifier.Of(config, request.Location);
        TransferSource? source = TransferSource.Of(config, request, catalog, o, ct);
        RunIdentity identity = RunIdentityMaker.Make(config, request.Seed ?? 0, split, images.All, classifier?.Sha256, images.Film, source?.Sha256);

        if (request.Resume) RunStart.RequireSomethingToResume(request.OutputPath, config.ModelName);
        RunFolder run = RunStart.Prepare(request.OutputPath);
        using var signals = new StopSignals(ct);
        ct = signals.Token;
        using RunLock held = RunLock.Take(run);
        RunStart.RemoveLeftovers(run, o);
        var checkpoints = new CheckpointStore(run.Checkpoints, o.Verbose);
        RunStart.RequireRoom(run, checkpoints, config.ModelName, request.Resume);
        bool finished = ModelPackage.Exists(run.Model(config.ModelName));
        using Checkpoint? checkpoint = RunStart.Continue(run, checkpoints, identity, request, finished, o);
        identity = checkpoint?.State.Identity ?? identity;
        SegModel model = finished
            ? ModelPackage.Load(run.Model(config.ModelName), catalog, o.Warning, ct)
            : Train(new Work(request, config, device, split, images, classifier, source, identity, run, checkpoints, options, o) { Catalog = catalog }, checkpoint, ct);
        if (finished) WarnOfSearch(request, model, o);
        return model with { Dataset = request.Dataset, RunPath = run.Path };
    }

    /// <summary>What a finished model has been asked for in vain.</summary>
    private static void WarnOfSearch(TrainingRequest request, SegModel model, ISegObserver observer)
    {
        if (request.ThresholdIncrement is not { } increment || model.ThresholdSearch?.Increment == increment) return;
        observer.Warning(FormattableString.Invariant(
            $"The model '{model.Name}' is finished and keeps its threshold {model.Threshold}: -ThresholdSearch {increment} has no effect. Train in another folder with it."));
    }

    private sealed record Work(
        TrainingRequest Request, SegConfig Config, torch.Device Device, SegSplit Split, TrainingImages Images,
        SliceClassifier? Classifier, TransferSource? Source, RunIdentity Identity, RunFolder Run, CheckpointStore Checkpoints, TrainerOptions Options, ISegObserver Observer)
    {
        public required ComponentCatalog Catalog { get; init; }

        /// <summary>How samples are made.</summary>
        public SampleDatasetOptions Samples { get; init; } = new();
    }

    private static SegModel Train(Work work, Checkpoint? checkpoint, CancellationToken ct)
    {
        SegConfig config = work.Config;
        using var store = new SampleStore(SampleStoreLimits.Of(config.LoaderParameters, work.Request.Location), work.Observer.Verbose);
        var options = new SampleDatasetOptions { Store = store, Classifier = work.Classifier };
        using SampleDataset training = SampleDataset.Start(
            work.Images.Training, config, DatasetParts.Training, work.Observer, ct,
            options with { OrderSeed = work.Identity.Seed, Metadata = work.Images.Film?.Training.Rows });
        using SampleDataset? validation = work.Images.Validation.Count == 0 ? null
            : SampleDataset.Start(work.Images.Validation, config, DatasetParts.Validation, work.Observer, ct, options with { After = training.Loaded, Metadata = work.Images.Film?.Validation.Rows });
        if (validation is null)
            work.Observer.Warning("There are no validation images: the last epoch's weights will be packaged, and early stopping is off.");

        int batchSize = config.TrainingParameters.BatchSize;
        BalanceSamplesConfig balance = config.TrainingParameters.BalanceSamples;
        using var trainingLoader = new BatchLoader(
            training, batchSize, shuffle: true, work.Identity.Seed, work.Options.Workers,
            order: balance.Applied ? stop => SampleBalance.Of(training, work.Request.Dataset, balance, work.Identity.Seed, work.Observer.Warning, stop) : null);
        using BatchLoader? validationLoader = validation is null ? null
            : new BatchLoader(validation, batchSize, shuffle: false, work.Identity.Seed, work.Options.Workers);
        using SegNetwork network = TorchRandom.Draw(work.Identity.Seed, [], () =>
            NetworkRegistry.Create(config, new NetworkShape(training.Channels, training.Classes, work.Images.Film?.Film.Width ?? 0), work.Identity.Seed));
        network.to(work.Device);
        TransferRecord? transfer = WeightTransfer.Prepare(
            network, work.Source, config.TrainingParameters.TransferLearning, checkpoint?.State.Position, work.Observer);
        void Watch()
        {
            training.ThrowIfFailed();
            validation?.ThrowIfFailed();
        }

        ISegLoss loss = LossRegistry.Weighted(
            LossRegistry.Create(config.TrainingParameters.Loss),
            ClassBalance.Of(config.TrainingParameters, training, network.Task, work.Observer, ct));
        return Train(work with { Samples = options }, network, loss, transfer, trainingLoader, validationLoader, Watch, checkpoint, ct);
    }

    /// <param name="watch">Throws when reading the images has failed meanwhile.</param>
    private static SegModel Train(
        Work work, SegNetwork network, ISegLoss loss, TransferRecord? transfer, BatchLoader training, BatchLoader? validation, Action watch, Checkpoint? checkpoint, CancellationToken ct)
    {
        SegConfig config = work.Config;
        TrainingTimeConfig time = config.TrainingParameters.TrainingTime;
        var progress = new TrainingProgress(work.Observer, config.ModelName, time.NumEpochs, () => training.BatchesPerEpoch);
        var watcher = new RunWatch(config, work.Run, work.Request.Films, work.Identity.Seed, work.Observer.Warning);
        using var session = new TrainingSession(
            network,
            loss,
            SchedulerRegistry.Create(config.TrainingParameters.Scheduler, time.NumEpochs, work.Observer.Warning),
            new EarlyStopping(time.EarlyStoppingPatience, time.EarlyStoppingEpsilon, time.EarlyStoppingRule == "previous"),
            new LoaderSource(training),
            validation is null ? null : new LoaderSource(validation),
            new SessionSettings(work.Identity.Seed, time.NumEpochs, work.Device, ModelPackageWriter.ThresholdOf(config), UpdateSettings.Of(config.TrainingParameters))
            {
                Transfer = transfer,
                Precision = PrecisionChoice.Of(config.TrainingParameters.Precision, work.Device.type),
                Mixup = Mixup.Of(config, work.Identity.Seed, work.Run.Mixup),
            })
        {
            Watcher = watcher,
            BatchDone = progress.Batch + work.Options.BatchDone + ((_, _) => watch()),
        };
        if (checkpoint is not null)
        {
            if (work.Request.Force) ForcedResume.RequireSameTensors(checkpoint, session.Tensors(), work.Run.Path);
            session.Restore(checkpoint.State.Position, checkpoint.Tensors);
        }

        ConfigWriter.Write(config, work.Run.Config);
        SplitMaker.Save(work.Split, work.Run.Split);
        if (config.Debugging) DebugNotes.Write(work.Run, config, work.Request.Dataset, work.Observer);
        try
        {
            new TrainingJob(work.Run, config, work.Checkpoints, work.Identity, watcher, work.Observer).Run(session, progress, checkpoint is not null, ct);
        }
        finally
        {
            progress.Done();
        }

        return Package(work, network, session, ct);
    }

    private static SegModel Package(Work work, SegNetwork network, TrainingSession session, CancellationToken ct)
    {
        work.Config.TrainingSha256 = TrainingHashes.Of(TrainingImages.ImagesOf(work.Images.Training), work.Observer.Warning, ct);
        session.LoadBest();
        SegThresholdSearch? threshold = FindThreshold(work, network, ct);
        network.to(torch.CPU);
        network.eval();
        if (work.Config.Debugging && work.Images.Film is { } film) FilmParameterFiles.Write(work.Run.Film, network, work.Config.FilmedUnet.FilmLayers, film);
        RunPosition position = session.Position;
        var provenance = new TrainingProvenance
        {
            Seed = work.Identity.Seed,
            Device = work.Device.ToString(),
            Finished = DateTimeOffset.Now,
            WallSeconds = position.Seconds,
            BestEpoch = position.BestEpoch,
            BestValidationLoss = position.BestLoss,
            Data = work.Identity.Data,
            History = position.History,
            Transfer = position.Transfer,
            Changes = position.Changes,
            ThresholdSearch = threshold,
        };
        string[] classes = [.. work.Config.LoaderParameters.TargetSuffix.Select(suffix => suffix.TrimStart('_'))];
        var content = new ModelContent(work.Config, classes, work.Split, work.Request.Dataset, provenance) { Classifier = work.Classifier?.Content, Film = work.Images.Film?.Film };
        return ModelPackageWriter.Write(work.Run.Model(work.Config.ModelName), network, content);
    }

    private static SegThresholdSearch? FindThreshold(Work work, SegNetwork network, CancellationToken ct) => work.Request.ThresholdIncrement is not { } increment
        ? null
        : RunThreshold.Find(
            work.Config, work.Catalog, (network, work.Device), work.Images, work.Samples with { Store = null, OrderSeed = null, After = null },
            (increment, work.Request.ThresholdCriterion), work.Run, work.Observer, ct);

    internal static SegException ForceNeedsResume() => new(
        "ForceWithoutResume", SegErrorKind.InvalidArgument, "-Force accepts changed settings of a training that is continued; without -Resume there is none.",
        "Add -Resume, or leave -Force out; a run is never overwritten.");

    private static SegException CriterionNeedsSearch() => new(
        "CriterionWithoutSearch", SegErrorKind.InvalidArgument, "-ThresholdCriterion says by what a threshold is chosen; without -ThresholdSearch none is searched.",
        "Add -ThresholdSearch 0.05, or leave -ThresholdCriterion out.", "ThresholdCriterion");

    /// <summary>A checked copy: what the caller does with its object later does not reach a run under way.</summary>
    internal static SegConfig Snapshot(SegConfig config, ComponentCatalog catalog, ISegObserver observer)
    {
        ConfigValidator.Validate(config, catalog);
        ConfigValidator.RequireSupported(config, catalog);
        ConfigValidator.WarnOfIdle(config, observer.Warning);
        return ConfigReader.Parse(ConfigWriter.ToJson(config), "the configuration.json", catalog, observer.Warning);
    }
}

/// <summary>What has no influence on the result.</summary>
/// <param name="Workers">Threads that load batches.</param>
/// <param name="BatchDone">Told after every training batch.</param>
internal sealed record TrainerOptions(int Workers = 2, Action<RunPosition, double>? BatchDone = null);
