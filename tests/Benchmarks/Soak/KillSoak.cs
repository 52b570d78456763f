using System.Diagnostics;
using System.Globalization;
using MedSeg.Engine;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Training;

namespace MedSeg.Benchmarks.Soak;

/// <summary>
/// Kills trainings at random moments, without warning, and continues them until they end; every one must end with the weights of
/// the training that nobody disturbed. Moments come from the seed, what happens in them from the machine.
/// </summary>
public static class KillSoak
{
    private const string ChildCommand = "soak-child";

    /// <param name="args"><c>soak [kills] [seed]</c>, or the command line of a child.</param>
    /// <returns>0 when every run ended with the same bytes.</returns>
    public static int Run(string[] args, TextWriter output)
    {
        if (args is [ChildCommand, var data, var run])
        {
            Train(data, run);
            return 0;
        }

        int kills = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100;
        long seed = args.Length > 2 ? long.Parse(args[2], CultureInfo.InvariantCulture) : 1;
        string folder = SampleVolume.TemporaryFolder();
        try
        {
            return Soak(folder, kills, new RandomStream(seed), output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Soak(string folder, int kills, RandomStream random, TextWriter output)
    {
        string data = Path.Combine(folder, "data");
        Phantom.Create(new PhantomRequest(data, 5, ["T2w"], 3, [32, 32, 6]), SilentObserver.Instance, default);
        var watch = Stopwatch.StartNew();
        string straight = Path.Combine(folder, "straight");
        if (!Finish(data, straight, Timeout.InfiniteTimeSpan)) return 1;
        TimeSpan whole = watch.Elapsed;
        string expected = HashOf(straight);
        output.WriteLine($"undisturbed: {expected} in {whole.TotalSeconds:F1} s");
        int killed = 0, runs = 0, wrong = 0;
        while (killed < kills)
        {
            string run = Path.Combine(folder, "run" + runs++);
            while (!Finish(data, run, whole * (0.2 + (0.6 * random.NextDouble())))) killed++;
            string hash = HashOf(run);
            if (hash != expected) wrong++;
            output.WriteLine($"run {runs}: {killed} kills so far, {(hash == expected ? "same" : "DIFFERENT")} weights");
            Directory.Delete(run, recursive: true);
        }

        output.WriteLine($"{killed} kills in {runs} runs, {wrong} with other weights");
        return wrong == 0 ? 0 : 1;
    }

    /// <summary>Starts or continues a training in a child; false when it was killed.</summary>
    private static bool Finish(string data, string run, TimeSpan killAfter)
    {
        using Process child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(KillSoak).Assembly.Location, ChildCommand, data, run]))!;
        if (child.WaitForExit(killAfter))
            return child.ExitCode == 0 ? true : throw new InvalidOperationException($"The training ended with exit code {child.ExitCode}.");
        child.Kill();
        child.WaitForExit();
        return false;
    }

    private static void Train(string data, string run)
    {
        BidsDataset dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
        bool resume = new CheckpointStore(new RunFolder(run).Checkpoints).Any();
        Trainer.Run(new TrainingRequest(dataset, Config(), run, "cpu", 1, resume), SegEngine.Catalog, SilentObserver.Instance, default);
    }

    private static SegConfig Config()
    {
        var config = new SegConfig { ModelName = "soak" };
        config.LoaderParameters.TargetSuffix = ["_seg-cord"];
        (config.DefaultModel.Depth, config.DefaultModel.NFilters) = (2, 4);
        config.TrainingParameters.BatchSize = 3;
        config.TrainingParameters.TrainingTime.NumEpochs = 25;
        config.Transformation =
        [
            new TransformConfig("RandomAffine", new Dictionary<string, object?> { ["degrees"] = 10.0 }) { DatasetType = ["training"] },
            new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] },
        ];
        return config;
    }

    private static string HashOf(string run) => Sha256.OfFile(ModelPackage.WeightsPath(SegEngine.LoadModel(new RunFolder(run).Model("soak"))));
}
