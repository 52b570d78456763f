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
/// <param name="kind">Of samples: <see cref="Slices"/> or <see cref="Volumes"/>.</param>
public sealed class KilledTrainings(string folder, Func<string[], Process> start, string kind = KilledTrainings.Slices)
{
    public const string Slices = "slices", Volumes = "volumes";

    private const string Ready = "ready", ModelName = "killed";

    /// <summary>Checkpoints after a few batches each: every 20 ms.</summary>
    private const double MinutesBetweenCheckpoints = 20.0 / 60_000;

    /// <summary>Trainings at once.</summary>
    private const int AtOnce = 4;

    private int _runs;
    private TimeSpan _whole;

    private string Data => Path.Combine(folder, "data");

    /// <summary>Makes the dataset, trains without interruption and returns the hash of the weights.</summary>
    public string Undisturbed()
    {
        Phantom.Create(new PhantomRequest(Data, 5, ["T2w"], 3, [24, 24, kind == Volumes ? 16 : 3]), SilentObserver.Instance, default);
        string[] runs = NewRuns();
        using Process child = Begin(runs);
        var clock = Stopwatch.StartNew();
        End(child);
        _whole = clock.Elapsed;
        return runs.Select(HashOf).Distinct().Single();
    }

    /// <summary>Trainings that are killed until they get to their end between two kills.</summary>
    /// <returns>How often one of them was killed before its end, and the hashes of their weights.</returns>
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
        Parallel.ForEach(runs, run =>
        {
            bool resume = HasEnded(run) || new CheckpointStore(new RunFolder(run).Checkpoints).Any();
            Trainer.Run(new TrainingRequest(dataset, Config(kind), run, "cpu", 1, resume), SegEngine.Catalog, SilentObserver.Instance, default);
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
        if (kind == Volumes)
        {
            (config.DefaultModel.Is2D, config.DefaultModel.Length3D, config.DefaultModel.Stride3D) = (false, [16, 16, 8], [8, 8, 8]);
            config.TrainingParameters.TrainingTime.NumEpochs = 4;
        }

        return config;
    }

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
