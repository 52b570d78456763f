using MedSeg.Engine.Bids;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Training;

namespace MedSeg.Engine.Tests.Training;

/// <summary>Trainings in child processes to which something happens. Each prints what became of it.</summary>
internal static class HostileTrainings
{
    /// <summary>Trains for a very long time and prints every batch and warning.</summary>
    public static int Endless(string data, string run)
    {
        SegConfig config = KilledTrainings.Config();
        config.TrainingParameters.CheckpointEveryMinutes = 0;
        config.TrainingParameters.TrainingTime.NumEpochs = 100_000;
        config.TrainingParameters.TrainingTime.EarlyStoppingPatience = 100_000;
        var observer = new RecordingObserver();
        try
        {
            Train(data, run, config, resume: false, observer, _ => Console.WriteLine("batch"));
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine(string.Join('\n', observer.Warnings));
        }

        return 0;
    }

    /// <summary>Tries to train and prints the id of the error.</summary>
    public static int Refused(string data, string run)
    {
        Console.WriteLine(ErrorOf(() => Train(data, run, KilledTrainings.Config(), resume: false, SilentObserver.Instance, null)));
        return 0;
    }

    /// <summary>
    /// Trains where the disk becomes full after five batches, makes room and goes on. Prints the error, the files left half written, and
    /// whether the weights are those of a training with a disk large enough.
    /// </summary>
    /// <param name="data">On a large disk.</param>
    /// <param name="disk">A small disk.</param>
    public static int FullDisk(string data, string disk)
    {
        string straight = Train(data, Path.Combine(data, "..", "straight"), KilledTrainings.Config(), resume: false, SilentObserver.Instance, null);
        string run = Path.Combine(disk, "run"), filler = Path.Combine(disk, "filler");
        string error = ErrorOf(() => Train(data, run, KilledTrainings.Config(), resume: false, SilentObserver.Instance, position =>
        {
            if (position.Epoch == 2 && position.NextBatch == 1) Fill(filler);
        }));
        int halves = Directory.GetFiles(run, "*.tmp", SearchOption.AllDirectories).Length;
        File.Delete(filler);
        string resumed = Train(data, run, KilledTrainings.Config(), resume: true, SilentObserver.Instance, null);
        Console.WriteLine($"{error} {halves} {(resumed == straight ? "same" : "different")}");
        return 0;
    }

    private static string Train(string data, string run, SegConfig config, bool resume, ISegObserver observer, Action<RunPosition>? batchDone)
    {
        BidsDataset dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
        SegModel model = Trainer.Run(
            new TrainingRequest(dataset, config, run, "cpu", 1, resume), SegEngine.Catalog, observer,
            new TrainerOptions(BatchDone: (position, _) => batchDone?.Invoke(position)), default);
        return Sha256.OfFile(ModelPackage.WeightsPath(model));
    }

    private static string ErrorOf(Action action)
    {
        try
        {
            action();
            return "none";
        }
        catch (SegException e)
        {
            return e.ErrorId;
        }
    }

    /// <summary>Takes all the room there is.</summary>
    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] block = new byte[4096];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // This is what it is for.
        }
    }
}
