using System.Diagnostics;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training.Series;

/// <summary>Kills a process in the middle of a cross-validation, without warning, and goes on until it is finished.</summary>
[Collection(TorchGlobalState.Name)]
public sealed class KilledSeriesTests : IDisposable
{
    private const int Kills = 5;
    private const string Ready = "ready";

    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.File("data");

    [Fact]
    public void A_cross_validation_killed_at_any_moment_ends_with_the_weights_of_one_that_was_not()
    {
        Phantom.Create(new PhantomRequest(Data, 4, ["T2w"], 3, [24, 24, 3]), SilentObserver.Instance, default);
        string straight = _folder.File("straight");
        var clock = new Stopwatch();
        using (Process child = Begin(straight))
        {
            clock.Start();
            End(child);
        }

        (string expected, TimeSpan whole) = (Hashes(straight), clock.Elapsed);
        var random = new RandomStream(12);
        int kills = 0;
        for (int run = 0; kills < Kills; run++)
        {
            string folder = _folder.File($"run{run}");
            while (true)
            {
                using Process child = Begin(folder);
                if (child.WaitForExit(whole * (0.7 * random.NextDouble())))
                {
                    End(child);
                    break;
                }

                child.Kill();
                child.WaitForExit();
                kills++;
            }

            Assert.Equal(expected, Hashes(folder));
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>What runs in the child: starts or continues the series.</summary>
    public static int Child(string data, string run)
    {
        BidsDataset dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
        NativePreflight.EnsureTorch();
        Console.WriteLine(Ready);
        SegConfig config = KilledTrainings.Config();
        config.TrainingParameters.TrainingTime.NumEpochs = 6;
        bool resume = File.Exists(new RunFolder(run).Series);
        var request = new SeriesRequest(new TrainingRequest(dataset, config, run, "cpu", null, resume), [], 2);
        return SegEngine.TrainSeries(request, SilentObserver.Instance, default).Last().Members.Count == 2 ? 0 : 1;
    }

    private Process Begin(string run)
    {
        Process child = ChildProgram.Start([], "series", Data, run);
        return child.StandardOutput.ReadLine() == Ready ? child
            : throw new InvalidOperationException($"The series did not begin: {child.StandardError.ReadToEnd()}");
    }

    private static void End(Process child)
    {
        child.WaitForExit();
        if (child.ExitCode != 0) throw new InvalidOperationException($"The series failed: {child.StandardError.ReadToEnd()}");
    }

    private static string Hashes(string folder) =>
        string.Join('\n', SegEngine.LoadModel(folder).Members.Select(member => Sha256.OfFile(ModelPackage.WeightsPath(member))));
}
