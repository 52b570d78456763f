using MedSeg.Engine.Bids;
using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Training;
using MedSeg.Engine.Transforms;
using static TorchSharp.torch;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>A training session over phantom slices with augmentation, as a run has it.</summary>
internal sealed class TrainingBench : IDisposable
{
    public const int BatchSize = 8;

    private readonly string _folder = SampleVolume.TemporaryFolder();
    private readonly SampleDataset _samples;
    private readonly BatchLoader _loader;

    /// <param name="subjects">Subjects with <paramref name="slices"/> slices each.</param>
    /// <param name="size">Height and width of a slice in pixels.</param>
    /// <param name="filters">Feature maps of the first level.</param>
    public TrainingBench(int subjects, int slices, int size, int depth, int filters, int epochs)
    {
        SegConfig config = Config(size, depth, filters);
        string data = Path.Combine(_folder, "data");
        Phantom.Create(new PhantomRequest(data, subjects, ["T2w"], 1, [size, size, slices]), SilentObserver.Instance, default);
        BidsDataset dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
        _samples = SampleDataset.Load([.. dataset.Images.Select(SampleSource.Of)], config, DatasetParts.Training, SilentObserver.Instance, default);
        _loader = new BatchLoader(_samples, BatchSize, shuffle: true, seed: 1);
        Network = NetworkRegistry.Create(config, new NetworkShape(1, 1), seed: 1);
        Loss = LossRegistry.Create(config.TrainingParameters.Loss);
        Session = new TrainingSession(
            Network, Loss, new CosineAnnealing(0.001, 0, epochs), new EarlyStopping(epochs, 0), new LoaderSource(_loader), null,
            new SessionSettings(1, epochs, CPU, 0.5));
    }

    public SegNetwork Network { get; }

    public ISegLoss Loss { get; }

    public TrainingSession Session { get; }

    /// <summary>The batches of one epoch as tensors that stay in memory.</summary>
    public List<(Tensor Input, Tensor Target)> Batches()
    {
        var batches = new List<(Tensor, Tensor)>();
        foreach (SampleBatch batch in _loader.Epoch(1))
        {
            var (inputs, target) = BatchTensors.From(batch, CPU);
            batches.Add((inputs.Image, target));
            batch.Release();
        }

        return batches;
    }

    /// <summary>Makes the batches of an epoch and throws them away.</summary>
    public void DrainLoader()
    {
        foreach (SampleBatch batch in _loader.Epoch(2)) batch.Release();
    }

    /// <summary>Saves a checkpoint as a run does after every epoch.</summary>
    public void SaveCheckpoint()
    {
        var identity = new RunIdentity(new System.Text.Json.Nodes.JsonObject(), 1, new SegSplit("participant_id", 1, [], [], []), "");
        new CheckpointStore(Path.Combine(_folder, "checkpoints"))
            .Save(new CheckpointState(CheckpointState.CurrentFormat, identity, Session.Position), Session.Tensors());
    }

    public void Dispose()
    {
        Session.Dispose();
        _loader.Dispose();
        _samples.Dispose();
        Network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static SegConfig Config(int size, int depth, int filters)
    {
        var config = new SegConfig();
        config.LoaderParameters.TargetSuffix = ["_seg-cord"];
        (config.DefaultModel.Depth, config.DefaultModel.NFilters) = (depth, filters);
        config.Transformation =
        [
            new TransformConfig("CenterCrop", new Dictionary<string, object?> { ["size"] = new object?[] { (long)size, (long)size } }),
            new TransformConfig("RandomAffine", new Dictionary<string, object?> { ["degrees"] = 10.0, ["scale"] = new object?[] { 0.1, 0.1 } }),
            new TransformConfig("RandomShiftIntensity", new Dictionary<string, object?> { ["shift_range"] = new object?[] { -10.0, 10.0 } }) { AppliedTo = ["im"] },
            new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] },
        ];
        return config;
    }
}
