using System.Diagnostics;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Training;

namespace MedSeg.Engine.Tests.Training;

/// <summary>
/// Kills processes that train at random moments, without warning, and continues the trainings until they end. Moments come from the
/// seed, what happens in them from the machine. A process trains in several folders at once, so that each kill ends several trainings
/// in different places: starting a process takes longer than such a training.
/// </summary>
/// <param name="folder">For the dataset and the runs.</param>
/// <param name="start">Starts <see cref="Child"/> with these arguments in a process of its own, with redirected output.</param>
/// <param name="kind">Of trainings: <see cref="Slices"/>, <see cref="Volumes"/> or <see cref="MoreInputs"/>.</param>
public sealed class KilledTrainings(string folder, Func<string[], Process> start, string kind = KilledTrainings.Slices)
{
    public const string Slices = "slices", Volumes = "volumes";

    /// <summary>Networks that take something beside the image, in turns: FiLMedUnet and HeMISUnet.</summary>
    public const string MoreInputs = "inputs";

    private const string Film = "film", Hemis = "hemis", Ready = "ready", ModelName = "killed";

    /// <summary>Checkpoints after a few batches each: every 20 ms.</summary>
    private const double MinutesBetweenCheckpoints = 20.0 / 60_000;

    /// <summary>Trainings at once.</summary>
    private const int AtOnce = 4;

    private int _runs;
    private TimeSpan _whole;

    private string Data => Path.Combine(folder, "data");

    /// <summary>Makes the dataset, trains without interruption and returns the hash of the weights of each training; those of one network must be equal.</summary>
    public IReadOnlyList<string> Undisturbed()
    {
        Phantom.Create(
            new PhantomRequest(Data, 5, kind == MoreInputs ? ["T1w", "T2w"] : ["T2w"], 3, [24, 24, kind == Volumes ? 16 : 3]), SilentObserver.Instance, default);
        string[] runs = NewRuns();
        using Process child = Begin(runs);
        var clock = Stopwatch.StartNew();
        End(child);
        _whole = clock.Elapsed;
        string[] hashes = [.. runs.Select(HashOf)];
        return hashes.Distinct().Count() == Networks(kind).Length
            ? hashes
            : throw new InvalidOperationException($"Trainings of one network ended apart, or of two alike: {string.Join(", ", hashes)}.");
    }

    /// <summary>Trainings that are killed until they get to their end between two kills.</summary>
    /// <returns>How often one of them was killed before its end, and the hashes of their weights, in the order of <see cref="Undisturbed"/>.</returns>
    public (int Kills, IReadOnlyList<string> Hashes) Disturbed(RandomStream random)
    {
        string[] runs = NewRuns();
        int kills = 0;
        while (true)
        {
            TimeSpan moment = _whole * (0.8 * random.NextDouble());
            using Process child = Begin(runs);
            if (!child.WaitForExit(moment))
            {
                child.Kill();
                child.WaitForExit();
                kills += runs.Count(run => !HasEnded(run));
                continue;
            }

            End(child);
            string[] hashes = [.. runs.Select(HashOf)];
            foreach (string run in runs) Directory.Delete(run, recursive: true);
            return (kills, hashes);
        }
    }

    /// <summary>What runs in the child: starts or continues trainings.</summary>
    public static int Child(string kind, string data, IReadOnlyList<string> runs)
    {
        BidsDataset dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
        NativePreflight.EnsureTorch();
        Console.WriteLine(Ready);
        Parallel.ForEach(runs, (run, _, index) =>
        {
            bool resume = HasEnded(run) || new CheckpointStore(new RunFolder(run).Checkpoints).Any();
            Trainer.Run(new TrainingRequest(dataset, Config(Networks(kind)[index % Networks(kind).Length]), run, "cpu", 1, resume), SegEngine.Catalog, SilentObserver.Instance, default);
        });
        return 0;
    }

    /// <summary>A network with dropout on augmented slices, with accumulated gradients and averaged weights, in 12 epochs of a few batches.</summary>
    public static SegConfig Config(string kind = Slices)
    {
        var config = new SegConfig { ModelName = ModelName };
        config.LoaderParameters.TargetSuffix = ["_seg-cord"];
        config.LoaderParameters.ContrastParams.TrainingValidation = ["T2w"];
        (config.DefaultModel.Depth, config.DefaultModel.NFilters) = (2, 4);
        config.TrainingParameters.BatchSize = 3;
        config.TrainingParameters.TrainingTime.NumEpochs = 12;
        (config.TrainingParameters.AccumulateBatches, config.TrainingParameters.EmaDecay) = (2, 0.9);
        config.TrainingParameters.CheckpointEveryMinutes = MinutesBetweenCheckpoints;
        config.Transformation =
        [
            new TransformConfig("RandomAffine", new Dictionary<string, object?> { ["degrees"] = 10.0 }) { DatasetType = ["training"] },
            new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] },
        ];
        if (kind is Film or Hemis)
        {
            config.LoaderParameters.ContrastParams.TrainingValidation = ["T1w", "T2w"];
            config.LoaderParameters.Multichannel = kind == Hemis;
            config.HemisUnet = new() { Applied = kind == Hemis, MissingProbability = 0.5, MissingProbabilityGrowth = 0.9 };
            config.FilmedUnet = new() { Applied = kind == Film, FilmLayers = [1, 1, 1, 1, 1, 1] };
            config.TrainingParameters.TrainingTime.NumEpochs = 6;
        }
        else if (kind == Volumes)
        {
            (config.DefaultModel.Is2D, config.DefaultModel.Length3D, config.DefaultModel.Stride3D) = (false, [16, 16, 8], [8, 8, 8]);
            config.TrainingParameters.TrainingTime.NumEpochs = 4;
        }

        return config;
    }

    private static string[] Networks(string kind) => kind == MoreInputs ? [Film, Hemis] : [kind];

    private string[] NewRuns() => [.. Enumerable.Range(0, AtOnce).Select(_ => Path.Combine(folder, $"run{++_runs}"))];

    /// <summary>A child that is about to begin its trainings.</summary>
    private Process Begin(string[] runs)
    {
        Process child = start([kind, Data, .. runs]);
        if (child.StandardOutput.ReadLine() != Ready) throw new InvalidOperationException($"The training did not begin: {child.StandardError.ReadToEnd()}");
        return child;
    }

    private static void End(Process child)
    {
        child.WaitForExit();
        if (child.ExitCode != 0) throw new InvalidOperationException($"The training failed: {child.StandardError.ReadToEnd()}");
    }

    private static bool HasEnded(string run) => ModelPackage.Exists(new RunFolder(run).Model(ModelName));

    private static string HashOf(string run) => Sha256.OfFile(ModelPackage.WeightsPath(SegEngine.LoadModel(new RunFolder(run).Model(ModelName))));
}
