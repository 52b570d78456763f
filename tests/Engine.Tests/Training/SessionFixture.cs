using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Training;
using MedSeg.Engine.Training.Mixing;
using TorchSharp;

namespace MedSeg.Engine.Tests.Training;

/// <summary>A small network in a session, with dropout, over batches in memory.</summary>
internal sealed class SessionFixture : IDisposable
{
    public const int Epochs = 3, Batches = 4;

    public SessionFixture(IBatchSource? training = null, IBatchSource? validation = null, double rate = 0.01, int patience = 50, double epsilon = 0.001,
        long seed = 5, bool validate = true, Action<RunPosition, double>? batchDone = null,
        ILearningRateSchedule? schedule = null, UpdateSettings? update = null, Mixup? mixup = null, Action<SegNetwork>? prepare = null,
        torch.ScalarType precision = torch.ScalarType.Float32)
    {
        Network = new Unet(new UnetOptions(1, 1, Depth: 2, Filters: 4), seed);
        prepare?.Invoke(Network);
        Session = new TrainingSession(
            Network,
            LossRegistry.Create(new ComponentConfig("DiceLoss")),
            schedule ?? new CosineAnnealing(rate, 0, Epochs),
            new EarlyStopping(patience, epsilon),
            training ?? new MemorySource(Batches),
            validate ? validation ?? new MemorySource(2) : null,
            new SessionSettings(seed, Epochs, torch.CPU, 0.5, update) { Mixup = mixup, Precision = precision })
        {
            BatchDone = batchDone,
        };
    }

    public SegNetwork Network { get; }

    public TrainingSession Session { get; }

    public void Run(CancellationToken ct = default)
    {
        while (!Session.Finished) Session.RunEpoch(ct);
    }

    /// <summary>SHA-256 of the file that the best weights make.</summary>
    public string HashOfBest(string folder)
    {
        Session.LoadBest();
        string path = Path.Combine(folder, Guid.NewGuid().ToString("N") + ".safetensors");
        Safetensors.Write(path, NamedTensors.Of(Network));
        return Sha256.OfFile(path);
    }

    public void Dispose()
    {
        Session.Dispose();
        Network.Dispose();
    }
}
