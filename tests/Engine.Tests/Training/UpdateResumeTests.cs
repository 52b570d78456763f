using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using MedSeg.Engine.Training.Mixing;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

/// <summary>Ways of changing the weights, each stopped anywhere and continued: the same bits and the same history.</summary>
[Collection(TorchGlobalState.Name)]
public class UpdateResumeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(8)]
    public void Cyclic_rate(int batches) => RequireSame(batches, done => new SessionFixture(batchDone: done, schedule: new CyclicRate(0.001, 0.02, 3, 2)));

    [Theory]
    [InlineData(5)]
    public void Warm_restarts(int batches) => RequireSame(batches, done => new SessionFixture(batchDone: done, schedule: new CosineWarmRestarts(0.01, 0.001, 1, 2)));

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Mixed_samples(int batches) => RequireSame(batches, done => new SessionFixture(batchDone: done, mixup: new Mixup(0.4, 5)));

    /// <summary>In float16 with more steps than the scale of losses takes to settle.</summary>
    [Theory]
    [InlineData(TorchSharp.torch.ScalarType.BFloat16, 1)]
    [InlineData(TorchSharp.torch.ScalarType.BFloat16, 7)]
    [InlineData(TorchSharp.torch.ScalarType.Float16, 3)]
    [InlineData(TorchSharp.torch.ScalarType.Float16, 8)]
    public void Mixed_precision(TorchSharp.torch.ScalarType precision, int batches) =>
        RequireSame(batches, done => new SessionFixture(batchDone: done, precision: precision));

    public static TheoryData<string, int> Updates
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string name in new[] { "AdamW", "SGD", "clip", "ema" }) data.Add(name, 6);
            foreach (int batches in new[] { 1, 2, 3, 4, 6, 7 }) data.Add("accumulate", batches);
            foreach (int batches in new[] { 2, 5, 8 }) data.Add("all", batches);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Updates))]
    public void Optimisers_clipping_accumulation_and_averages(string name, int batches) =>
        RequireSame(batches, done => new SessionFixture(batchDone: done, update: Settings(name)));

    /// <summary>The fixture has four batches per epoch: with three per step the second step of each epoch has one.</summary>
    private static UpdateSettings Settings(string name) => name switch
    {
        "SGD" => new(Sgd()),
        "AdamW" => new(new ComponentConfig("AdamW")),
        "clip" => new(ClipNorm: 0.01),
        "ema" => new(AverageDecay: 0.9),
        "accumulate" => new(Accumulate: 3),
        _ => new(Sgd(), 0.01, 3, 0.9),
    };

    private static ComponentConfig Sgd() =>
        new("SGD", new Dictionary<string, object?> { ["nesterov"] = true, ["momentum"] = 0.8, ["weight_decay"] = 0.01 });

    private static void RequireSame(int batches, Func<Action<RunPosition, double>?, SessionFixture> create)
    {
        using var folder = new TemporaryFolder();
        using SessionFixture straight = create(null), resumed = create(null);
        straight.Run();
        var store = new CheckpointStore(folder.File("checkpoints"));
        Stop(create, batches, store);
        using (Checkpoint checkpoint = store.Latest(warning => Assert.Fail(warning))!)
            resumed.Session.Restore(checkpoint.State.Position, checkpoint.Tensors);
        resumed.Run();
        Assert.Equal(
            straight.Session.Position.History.Select(e => e with { Seconds = 0 }),
            resumed.Session.Position.History.Select(e => e with { Seconds = 0 }));
        Assert.Equal(straight.HashOfBest(folder.Path), resumed.HashOfBest(folder.Path));
    }

    private static void Stop(Func<Action<RunPosition, double>?, SessionFixture> create, int batches, CheckpointStore store)
    {
        int done = 0;
        using var stop = new CancellationTokenSource();
        using SessionFixture fixture = create((_, _) =>
        {
            if (++done == batches) stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => fixture.Run(stop.Token));
        var identity = new RunIdentity(new System.Text.Json.Nodes.JsonObject(), 5, new SegSplit("participant_id", 6, [], [], []), "");
        store.Save(new CheckpointState(CheckpointState.CurrentFormat, identity, fixture.Session.Position), fixture.Session.Tensors());
    }
}
