using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

[Collection(TorchGlobalState.Name)]
public class TrainingSessionTests
{
    [Fact]
    public void Training_learns()
    {
        using var fixture = new SessionFixture();
        fixture.Run();
        var history = fixture.Session.Position.History;
        Assert.Equal([1, 2, 3], history.Select(e => e.Epoch));
        Assert.True(history[^1].TrainingLoss < history[0].TrainingLoss - 0.02, $"{history[0].TrainingLoss} → {history[^1].TrainingLoss}");
        Assert.All(history, e => Assert.NotNull(e.ValidationDice));
        Assert.All(history, e => Assert.InRange(e.Metrics!.AccuracyScore!.Value, 0, 1));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_one_does_not()
    {
        using var folder = new TemporaryFolder();
        string Trained(long seed)
        {
            using var fixture = new SessionFixture(seed: seed);
            fixture.Run();
            return fixture.HashOfBest(folder.Path);
        }

        string first = Trained(5);
        using (torch.rand(1000)) Assert.Equal(first, Trained(5));
        Assert.NotEqual(first, Trained(6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(11)]
    [InlineData(12)]
    public void A_run_stopped_after_any_batch_continues_bit_by_bit(int batches)
    {
        using var folder = new TemporaryFolder();
        using var straight = new SessionFixture();
        straight.Run();

        var store = new CheckpointStore(folder.File("checkpoints"));
        StopAfter(batches, store);
        using var resumed = new SessionFixture();
        using (Checkpoint checkpoint = store.Latest(warning => Assert.Fail(warning))!)
        {
            Assert.Equal(batches, checkpoint.State.Position.Steps);
            resumed.Session.Restore(checkpoint.State.Position, checkpoint.Tensors);
        }

        resumed.Run();
        Assert.Equal(straight.HashOfBest(folder.Path), resumed.HashOfBest(folder.Path));
        Assert.Equal(
            straight.Session.Position.History.Select(e => e with { Seconds = 0 }),
            resumed.Session.Position.History.Select(e => e with { Seconds = 0 }));
    }

    [Fact]
    public void Epoch_losses_are_means_over_samples_and_not_over_batches()
    {
        var losses = new List<(int Count, double Loss)>();
        using var fixture = new SessionFixture(batchDone: (position, loss) => losses.Add((position.NextBatch == SessionFixture.Batches ? 2 : 3, loss)));
        var epoch = fixture.Session.RunEpoch(default);
        Assert.Equal(losses.Sum(l => l.Count * l.Loss) / losses.Sum(l => l.Count), epoch.TrainingLoss, 1e-12);
        Assert.NotEqual(losses.Average(l => l.Loss), epoch.TrainingLoss, 1e-6);
    }

    [Fact]
    public void The_best_weights_are_those_of_the_lowest_validation_loss()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new SessionFixture(rate: 0.3);
        var hashes = new Dictionary<int, string>();
        while (!fixture.Session.Finished)
        {
            var epoch = fixture.Session.RunEpoch(default);
            hashes[epoch.Epoch] = HashNow(fixture, folder);
        }

        var history = fixture.Session.Position.History;
        var best = history.MinBy(e => e.ValidationLoss)!;
        Assert.Equal(best.Epoch, fixture.Session.Position.BestEpoch);
        Assert.Equal(hashes[best.Epoch], fixture.HashOfBest(folder.Path));
        Assert.Equal(history.Where(e => e.IsBest).Max(e => e.Epoch), best.Epoch);
    }

    [Fact]
    public void Without_validation_the_last_epoch_is_the_best()
    {
        using var fixture = new SessionFixture(validate: false, patience: 1);
        fixture.Run();
        Assert.Equal((SessionFixture.Epochs, null), (fixture.Session.Position.BestEpoch, fixture.Session.Position.BestLoss));
        Assert.All(fixture.Session.Position.History, e => Assert.True(e.IsBest && e.ValidationLoss is null));
    }

    [Fact]
    public void Early_stopping_ends_the_run()
    {
        using var fixture = new SessionFixture(patience: 1, epsilon: 1e9);
        fixture.Run();
        Assert.Equal(2, fixture.Session.Position.History.Count);
    }

    [Fact]
    public void A_poisoned_batch_is_named_with_its_images()
    {
        var source = new MemorySource(SessionFixture.Batches) { Poison = (epoch, number, batch) => batch.Input[0] = (epoch, number) == (2, 1) ? float.NaN : 0 };
        using var fixture = new SessionFixture(source);
        var error = Assert.Throws<SegException>(() => fixture.Run());
        Assert.Equal("LossNotFinite", error.ErrorId);
        Assert.Contains("epoch 2, batch 2, with sub-01/anat/sub-01_T2w.nii.gz (slices 0, 1, 2)", error.Message, StringComparison.Ordinal);
        Assert.Contains("images themselves", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, fixture.Session.Position.Epoch);
    }

    [Fact]
    public void A_bad_loss_is_traced_to_the_layer_where_it_began()
    {
        using var fixture = new SessionFixture();
        using (torch.no_grad())
            NamedTensors.Of(fixture.Network).First(t => t.Name == "encoder.down_path.0.conv2.weight").Value.fill_(3e38f);
        var error = Assert.Throws<SegException>(() => fixture.Run());
        Assert.Contains("epoch 1, batch 1, with sub-00/", error.Message, StringComparison.Ordinal);
        Assert.Contains("first layer with a bad output is 'encoder.down_path.0.conv2'; its weights and the images are finite", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("decoder.last_conv")]
    [InlineData("encoder.conv_bottom.conv1")]
    public void A_layer_whose_weights_are_bad_is_named_with_them(string layer)
    {
        using var fixture = new SessionFixture();
        using (torch.no_grad())
            NamedTensors.Of(fixture.Network).First(t => t.Name == layer + ".bias").Value.fill_(float.NaN);
        var error = Assert.Throws<SegException>(() => fixture.Run());
        Assert.Contains($"'{layer}'; its 'bias' was NaN or infinite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_loss_of_finite_outputs_is_the_fault_of_the_loss()
    {
        using var fixture = new SessionFixture();
        using torch.Tensor input = torch.zeros(1, 1, 16, 16), target = torch.zeros(1, 1, 16, 16);
        Assert.Contains("the loss function made", NotFiniteSearch.Explain(fixture.Network, new(input), target, () => fixture.Network.forward(input)), StringComparison.Ordinal);
        target.fill_(float.PositiveInfinity);
        Assert.Contains("labels hold", NotFiniteSearch.Explain(fixture.Network, new(input), target, () => fixture.Network.forward(input)), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_explode_stop_the_run()
    {
        using var fixture = new SessionFixture(rate: 1e30);
        Assert.Equal("LossNotFinite", Assert.Throws<SegException>(() => fixture.Run()).ErrorId);
    }

    /// <summary>D-78: the last batch of the fixture has two samples and not three.</summary>
    [Fact]
    public void The_training_loss_of_an_epoch_is_weighted_by_samples()
    {
        var batches = new List<(double Loss, long Samples)>();
        using var fixture = new SessionFixture(batchDone: (position, loss) => batches.Add((loss, position.Samples - batches.Sum(b => b.Samples))));
        double mean = fixture.Session.RunEpoch(default).TrainingLoss;
        Assert.Equal([3, 3, 3, 2], batches.Select(b => b.Samples));
        Assert.Equal(batches.Sum(b => b.Loss * b.Samples) / 11, mean, 1e-12);
        Assert.NotEqual(batches.Average(b => b.Loss), mean, 1e-6);
    }

    [Fact]
    public void Steps_leave_no_tensors_behind()
    {
        using var fixture = new SessionFixture();
        fixture.Session.RunEpoch(default);
        long before = torch.Tensor.TotalCount;
        fixture.Session.RunEpoch(default);
        Assert.InRange(torch.Tensor.TotalCount - before, -200, 2);
    }

    private static void StopAfter(int batches, CheckpointStore store)
    {
        using var stop = new CancellationTokenSource();
        using var fixture = new SessionFixture(batchDone: (position, _) =>
        {
            if (position.Steps == batches) stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => fixture.Run(stop.Token));
        var identity = new RunIdentity(new System.Text.Json.Nodes.JsonObject(), 5, new SegSplit("participant_id", 6, [], [], []), "");
        store.Save(new CheckpointState(CheckpointState.CurrentFormat, identity, fixture.Session.Position), fixture.Session.Tensors());
    }

    private static string HashNow(SessionFixture fixture, TemporaryFolder folder)
    {
        string path = folder.File(Guid.NewGuid().ToString("N"));
        MedSeg.Engine.Networks.Safetensors.Write(path, NamedTensors.Of(fixture.Network));
        return MedSeg.Engine.Runtime.Sha256.OfFile(path);
    }
}
