using System.Diagnostics;
using MedSeg.Benchmarks.Steps;
using MedSeg.Engine;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Training;
using static TorchSharp.torch;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// Epochs of a real training (loading, augmentation, steps, progress, history, TensorBoard, checkpoints) against as many bare steps of
/// the same network. After the first batch of each epoch the training waits while the bare steps run, so that epochs and bare steps
/// take turns within one process; the figure is the median of the turns' ratios. An epoch has five or ten batches only, so that
/// checkpoints weigh more than in practice.
/// </summary>
internal sealed class TrainRatio(NetworkCase network, NetworkCase? small = null) : IRatioBenchmark
{
    private const int Rounds = 5;

    /// <summary>Epochs that are not timed: reading the images, compiling.</summary>
    private const int WarmUp = 1;

    public string Name => "train-" + network.Name;

    public IRatioBenchmark Quick => small is null ? this : new TrainRatio(small);

    public RatioResult Run()
    {
        string folder = SampleVolume.TemporaryFolder();
        try
        {
            using var bare = new BareStep(network);
            var turns = new Turns(network.Batches, bare);
            Train(folder, turns);
            return Result(turns);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private RatioResult Result(Turns turns)
    {
        double[] ratios = [.. turns.Epochs.Zip(turns.Bare, (epoch, bare) => epoch / bare).Order()];
        return new(Name, Interleaved.Median(ratios), 1.10, new Dictionary<string, double>
        {
            ["training_s_per_step"] = Interleaved.Median(turns.Epochs) / network.Batches,
            ["bare_s_per_step"] = Interleaved.Median(turns.Bare) / network.Batches,
            ["lowest"] = ratios[0], ["highest"] = ratios[^1], ["batches"] = network.Batches, ["rounds"] = ratios.Length, ["threads"] = get_num_threads(),
        }, $"median of ratios; epochs of a training / bare steps, {network.Text}");
    }

    private void Train(string folder, Turns turns)
    {
        string data = Path.Combine(folder, "data");
        Phantom.Create(Phantoms(data), SilentObserver.Instance, default);
        BidsDataset dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
        var request = new TrainingRequest(dataset, Config(), Path.Combine(folder, "run"), "cpu", 1, Resume: false);
        Trainer.Run(request, SegEngine.Catalog, SilentObserver.Instance, new TrainerOptions(BatchDone: (position, _) => turns.BatchDone(position)), default);
    }

    /// <summary>As many samples as an epoch has: whole volumes, or slices of as many volumes as batches.</summary>
    private PhantomRequest Phantoms(string path) => network.IsVolume
        ? new(path, network.Batches * network.BatchSize, network.Contrasts, 1, network.Size)
        : new(path, network.Batches * network.Channels / network.Contrasts.Length, network.Contrasts, 1, [.. network.Size, network.BatchSize]);

    private SegConfig Config()
    {
        var config = new SegConfig { ModelName = "bench" };
        network.Configure(config);
        config.LoaderParameters.TargetSuffix = ["_seg-cord"];
        (config.SplitDataset.TrainFraction, config.SplitDataset.TestFraction) = (1, 0);
        config.TrainingParameters.TrainingTime.NumEpochs = WarmUp + Rounds + 1;
        config.Transformation =
        [
            new TransformConfig("CenterCrop", new Dictionary<string, object?> { ["size"] = network.Size.Select(side => (object?)(long)side).ToArray() }),
            new TransformConfig("RandomAffine", new Dictionary<string, object?> { ["degrees"] = 10.0, ["scale"] = network.Size.Select(_ => (object?)0.1).ToArray() }),
            new TransformConfig("RandomShiftIntensity", new Dictionary<string, object?> { ["shift_range"] = new object?[] { -10.0, 10.0 } }) { AppliedTo = ["im"] },
            new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] },
        ];
        return config;
    }

    /// <summary>Takes the time of an epoch from its first batch to the next one's, less that of the bare steps.</summary>
    private sealed class Turns(int batches, BareStep bare)
    {
        private readonly Stopwatch _clock = new();

        /// <summary>Seconds.</summary>
        public List<double> Epochs { get; } = [];

        /// <summary>Seconds.</summary>
        public List<double> Bare { get; } = [];

        public void BatchDone(RunPosition position)
        {
            if (position.NextBatch > batches || (position.NextBatch == 1 && position.Steps % batches != 1))
                throw new InvalidOperationException($"Epochs do not have {batches} batches.");
            if (position.NextBatch != 1)
                return;
            double epoch = _clock.Elapsed.TotalSeconds;
            _clock.Restart();
            for (var i = 0; i < batches; i++)
                bare.Run();
            if (position.Epoch > WarmUp + 1)
                Epochs.Add(epoch);
            if (position.Epoch > WarmUp + 1)
                Bare.Add(_clock.Elapsed.TotalSeconds);
            _clock.Restart();
        }
    }
}
