using System.Text.Json.Nodes;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

public class CheckpointStoreTests
{
    [Fact]
    public void State_and_tensors_come_back_exactly()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.File("c"));
        var state = State(3) with
        {
            Position = new RunPosition
            {
                Epoch = 3, NextBatch = 2, LossSum = 1.0 / 3, Samples = 7, Steps = 22, EarlyStopping = new(-0.1, 4), BestEpoch = 2,
                BestLoss = -0.9123456789012345, Seconds = 12.5, EpochSeconds = 0.25, History = [new(1, -0.1, null, null, 1e-3, 2, true)],
                Changes = [new(2, "training_parameters.batch_size: 3 → 4")],
            },
        };
        using var values = torch.tensor(new[] { 1f / 3, float.Epsilon, float.MaxValue });
        store.Save(state, [("x", values)]);
        using var read = new CheckpointStore(folder.File("c")).Latest(warning => Assert.Fail(warning))!;
        Assert.Equal(state.Position with { History = [], Changes = [] }, read.State.Position with { History = [], Changes = [] });
        Assert.Equal(state.Position.Changes, read.State.Position.Changes);
        Assert.Equal(state.Position.History, read.State.Position.History);
        Assert.Empty(RunIdentityComparer.Differences(state.Identity, read.State.Identity));
        Assert.Equal(values.data<float>().ToArray(), read.Tensors["x"].data<float>().ToArray());
    }

    [Fact]
    public void The_newest_two_are_kept()
    {
        using var folder = new TemporaryFolder();
        var store = Filled(folder, 5);
        Assert.Equal(
            ["checkpoint-000004.json", "checkpoint-000004.safetensors", "checkpoint-000005.json", "checkpoint-000005.safetensors"],
            Directory.GetFiles(folder.File("c")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(5, EpochOf(store));
    }

    [Fact]
    public void An_old_file_that_somebody_holds_does_not_end_the_training()
    {
        using var folder = new TemporaryFolder();
        var said = new List<string>();
        var store = new CheckpointStore(folder.File("c"), said.Add) { Delete = _ => "it is held" };
        for (int epoch = 1; epoch <= 3; epoch++) store.Save(State(epoch), []);
        Assert.Equal(3, EpochOf(store));
        Assert.Equal(2, said.Count);
        Assert.All(said, message => Assert.Contains("checkpoint-000001", message, StringComparison.Ordinal));

        // The next store takes it away.
        new CheckpointStore(folder.File("c")).Save(State(4), []);
        Assert.Equal(["checkpoint-000003.json", "checkpoint-000004.json"], Directory.GetFiles(folder.File("c"), "*.json").Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("json", 0)]
    [InlineData("json", -1)]
    [InlineData("safetensors", 100)]
    [InlineData("safetensors", -1)]
    public void A_damaged_checkpoint_is_skipped_with_a_warning(string extension, int position)
    {
        using var folder = new TemporaryFolder();
        Filled(folder, 2);
        string path = folder.File("c", "checkpoint-000002." + extension);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[position < 0 ? bytes.Length / 2 : position] ^= 0x55;
        File.WriteAllBytes(path, bytes);
        var warnings = new List<string>();
        var store = new CheckpointStore(folder.File("c"));
        using (Checkpoint checkpoint = store.Latest(warnings.Add)!) Assert.Equal(1, checkpoint.State.Position.Epoch);
        Assert.Contains("checkpoint-000002.json", Assert.Single(warnings), StringComparison.Ordinal);

        // The damaged one makes room for the next; the whole one stays.
        store.Save(State(3), []);
        Assert.Equal(["checkpoint-000001.json", "checkpoint-000003.json"], Directory.GetFiles(folder.File("c"), "*.json").Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("json")]
    [InlineData("safetensors")]
    public void A_truncated_or_missing_file_counts_as_damage(string extension)
    {
        using var folder = new TemporaryFolder();
        Filled(folder, 2);
        File.WriteAllBytes(folder.File("c", "checkpoint-000002." + extension), []);
        Assert.Equal(1, EpochOf(new CheckpointStore(folder.File("c"))));
        File.Delete(folder.File("c", "checkpoint-000002." + extension));
        Assert.Equal(1, EpochOf(new CheckpointStore(folder.File("c"))));
    }

    [Fact]
    public void When_none_is_whole_the_error_says_so()
    {
        using var folder = new TemporaryFolder();
        Filled(folder, 2);
        foreach (string path in Directory.GetFiles(folder.File("c"), "*.json")) File.WriteAllText(path, "{}");
        Assert.Equal("CheckpointDamaged", Assert.Throws<SegException>(() => new CheckpointStore(folder.File("c")).Latest(_ => { })).ErrorId);
    }

    [Fact]
    public void What_a_killed_process_leaves_is_ignored_and_removed()
    {
        using var folder = new TemporaryFolder();
        var store = Filled(folder, 1);
        File.WriteAllText(folder.File("c", "checkpoint-000002.safetensors"), "written before the process was killed");
        File.WriteAllText(folder.File("c", "checkpoint-000002.json.0123.tmp"), "half");
        Assert.Equal(1, EpochOf(store));
        store.Save(State(2), []);
        Assert.Equal(2, EpochOf(store));
        Assert.Equal(4, Directory.GetFiles(folder.File("c")).Length);
    }

    [Fact]
    public void A_folder_without_checkpoints_has_none()
    {
        using var folder = new TemporaryFolder();
        var store = new CheckpointStore(folder.File("absent"));
        Assert.False(store.Any());
        Assert.Null(store.Latest(_ => { }));
    }

    private static int EpochOf(CheckpointStore store)
    {
        using Checkpoint checkpoint = store.Latest(_ => { })!;
        return checkpoint.State.Position.Epoch;
    }

    private static CheckpointStore Filled(TemporaryFolder folder, int count)
    {
        var store = new CheckpointStore(folder.File("c"));
        using var tensor = torch.zeros(64);
        for (int epoch = 1; epoch <= count; epoch++) store.Save(State(epoch), [("x", tensor)]);
        return store;
    }

    private static CheckpointState State(int epoch) => new(
        CheckpointState.CurrentFormat,
        new RunIdentity(new JsonObject { ["a"] = 1.5 }, 3, new SegSplit("participant_id", 6, ["sub-01"], ["sub-02"], []), "data"),
        new RunPosition { Epoch = epoch });
}
