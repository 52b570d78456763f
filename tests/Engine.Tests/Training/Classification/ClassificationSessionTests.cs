using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training.Classification;

/// <summary>Classifiers in a session: does an image hold a disc?</summary>
[Collection(TorchGlobalState.Name)]
public sealed class ClassificationSessionTests : IDisposable
{
    private const int Epochs = 2, Batches = 2, Size = 32;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_target_of_a_sample_is_its_maximum()
    {
        using var scope = torch.NewDisposeScope();
        float[] maps = [0, 0.25f, 0, 0, 0, 1, 1, 0, /* */ 0, 0, 0, 0, 0, 0, 0.5f, 0, 99];
        var batch = new SampleBatch(new float[8], maps, 2, 1, 2, new(2, 2));
        var (_, target) = BatchTensors.From(batch, torch.CPU, NetworkTask.Classification);
        Assert.Equal([2L, 2], target.shape);
        Assert.Equal([0.25f, 1, 0, 0.5f], target.data<float>().ToArray());
        var volume = new SampleBatch(new float[8], maps, 1, 1, 2, new(2, 2, 2), IsVolume: true);
        Assert.Equal([1f, 0.5f], BatchTensors.From(volume, torch.CPU, NetworkTask.Classification).Target.data<float>().ToArray());
    }

    /// <summary>DenseNet draws dropout in every batch; the first batch of both epochs, the last of the first and the very last are tried.</summary>
    [Fact]
    public void A_classifier_stopped_after_any_batch_continues_bit_by_bit()
    {
        string expected = Run(null, 0);
        Assert.Equal(expected, Run(_folder.File("first"), 1));
        Assert.Equal(expected, Run(_folder.File("second"), 3));
    }

    [Fact]
    public void A_small_image_that_is_alone_in_its_batch_is_learnt_from_too()
    {
        using var network = new ResNet(18, seed: 1);
        using TrainingSession session = Session(network, new Discs(1, 17, only: 1));
        SegEpoch epoch = session.RunEpoch(default);
        Assert.True(double.IsFinite(epoch.TrainingLoss) && epoch.Metrics is { AccuracyScore: not null, HausdorffScore: null });
    }

    [Fact]
    public void Images_below_the_least_size_of_the_network_are_an_error()
    {
        using var network = new DenseNet();
        using TrainingSession session = Session(network, new Discs(1, 28));
        var error = Assert.Throws<SegException>(() => session.RunEpoch(default));
        Assert.Equal("NetworkInputShape", error.ErrorId);
        Assert.Contains("at least 29×29 pixels; this one is (3,1,28,28)", error.Message, StringComparison.Ordinal);
    }

    /// <returns>SHA-256 of the best weights, interrupted after a number of batches where there is a folder.</returns>
    private string Run(string? folder, int batches)
    {
        Checkpoint? checkpoint = null;
        if (folder is not null)
        {
            var store = new CheckpointStore(folder);
            Directory.CreateDirectory(folder);
            using var stop = new CancellationTokenSource();
            using var stopped = new DenseNet(seed: 3);
            using TrainingSession first = Session(stopped, new Discs(Batches, Size), () => batches, stop);
            Assert.ThrowsAny<OperationCanceledException>(() => Finish(first, stop.Token));
            store.Save(new CheckpointState(CheckpointState.CurrentFormat, new RunIdentity("{}", 5, new SegSplit("participant_id", 1, [], [], []), ""), first.Position), first.Tensors());
            checkpoint = store.Latest(warning => Assert.Fail(warning));
        }

        using Checkpoint? from = checkpoint;
        using var network = new DenseNet(seed: 3);
        using TrainingSession session = Session(network, new Discs(Batches, Size));
        if (from is not null) session.Restore(from.State.Position, from.Tensors);
        Finish(session, default);
        session.LoadBest();
        string path = _folder.File("best.safetensors");
        Safetensors.Write(path, NamedTensors.Of(network));
        return Engine.Runtime.Sha256.OfFile(path);
    }

    private static void Finish(TrainingSession session, CancellationToken ct)
    {
        while (!session.Finished) session.RunEpoch(ct);
    }

    private static TrainingSession Session(SegNetwork network, IBatchSource batches, Func<int>? until = null, CancellationTokenSource? stop = null) => new(
        network, LossRegistry.Create(new ComponentConfig("BinaryCrossEntropyLoss")), new CosineAnnealing(0.001, 0, Epochs), new EarlyStopping(50, 0.001),
        batches, batches, new SessionSettings(5, Epochs, torch.CPU, 0.5))
    {
        BatchDone = (position, _) =>
        {
            if (position.Steps == until?.Invoke()) stop!.Cancel();
        },
    };

    /// <summary>Batches whose even images have lost disc and label.</summary>
    private sealed class Discs(int batches, int size, int? only = null) : IBatchSource
    {
        public int BatchesPerEpoch => batches;

        public IEnumerable<SampleBatch> Epoch(int epoch, int firstBatch, CancellationToken ct) =>
            new MemorySource(batches + 1, size) { Poison = (_, _, batch) => Blank(batch) }.Epoch(epoch, firstBatch, ct)
                .Take(batches - firstBatch).Select(batch => only is { } count ? batch with { Count = count } : batch);

        private void Blank(SampleBatch batch)
        {
            for (int i = 0; i < batch.Count * size * size; i++)
            {
                if (i / (size * size) % 2 != 0) continue;
                batch.Input[i] -= batch.Target[i];
                batch.Target[i] = 0;
            }
        }
    }
}
