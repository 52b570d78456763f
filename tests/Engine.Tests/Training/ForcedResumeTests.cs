using System.Text.Json;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

[Collection(TorchGlobalState.Name)]
public sealed class ForcedResumeTests(PhantomRun phantom) : IClassFixture<PhantomRun>
{
    [Fact]
    public void More_epochs_can_be_asked_for_and_the_manifest_says_since_when()
    {
        string folder = phantom.NewFolder();
        phantom.TrainUntil(folder, 4);
        SegConfig longer = PhantomRun.Config(c => c.TrainingParameters.TrainingTime.NumEpochs = 5);
        SegException refused = Error(() => phantom.Train(folder, resume: true, config: longer));
        Assert.Contains("-Force", refused.Recommendation, StringComparison.Ordinal);

        var observer = new RecordingObserver();
        SegModel model = phantom.Train(folder, resume: true, config: longer, observer: observer, force: true);
        Assert.Equal([1, 2, 3, 4, 5], model.History.Select(e => e.Epoch));
        const string Difference = "training_parameters.training_time.num_epochs: 3 → 5";
        Assert.Contains(observer.Warnings, w => w.Contains(Difference, StringComparison.Ordinal) && w.Contains("epoch 2", StringComparison.Ordinal));
        JsonElement change = JsonDocument.Parse(File.ReadAllText(Path.Combine(model.Path, "manifest.json"))).RootElement
            .GetProperty("training").GetProperty("changes").EnumerateArray().Single();
        Assert.Equal((2, Difference), (change.GetProperty("epoch").GetInt32(), change.GetProperty("difference").GetString()));
        string[] lines = File.ReadAllLines(Path.Combine(folder, "history.jsonl"));
        Assert.Equal(6, lines.Length);
        JsonElement line = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal((2, Difference), (line.GetProperty("epoch").GetInt32(), line.GetProperty("changed").GetString()));
        Assert.Equal([1, 2, 2, 3, 4, 5], lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("epoch").GetInt32()));
        Assert.Equal(5, SegEngine.LoadModel(model.Path).Config.TrainingParameters.TrainingTime.NumEpochs);
    }

    [Fact]
    public void The_epoch_under_way_begins_again_with_other_batches_and_later_sittings_need_no_force()
    {
        string folder = phantom.NewFolder();
        phantom.TrainUntil(folder, 5);
        SegConfig other = PhantomRun.Config(c => c.TrainingParameters.BatchSize = 2);
        var places = new List<(int Epoch, int Batch)>();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => phantom.Train(folder, resume: true, config: other, force: true, ct: stop.Token, batchDone: p =>
        {
            places.Add((p.Epoch, p.NextBatch));
            if (places.Count == 2) stop.Cancel();
        }));
        Assert.Equal([(2, 1), (2, 2)], places);
        Assert.Equal(3, phantom.Train(folder, resume: true, config: other).History.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Validation_losses_are_compared_only_where_they_mean_the_same(bool sameLoss)
    {
        string folder = phantom.NewFolder();
        phantom.TrainUntil(folder, 4);
        string changed = sameLoss ? "training_parameters.scheduler.initial_lr: 0.01 → 0.02" : "training_parameters.loss.name: \"DiceLoss\" → \"FocalLoss\"";
        using Checkpoint checkpoint = new CheckpointStore(Path.Combine(folder, "checkpoints")).Latest(warning => Assert.Fail(warning))!;
        RunPosition before = checkpoint.State.Position, after = ForcedResume.Adapt(checkpoint, checkpoint.State.Identity, [changed]).State.Position;
        Assert.NotNull(before.BestLoss);
        Assert.Equal(sameLoss ? before.BestLoss : null, after.BestLoss);
        Assert.Equal(sameLoss ? before.EarlyStopping : default, after.EarlyStopping);
        Assert.Equal((before.Epoch, before.Steps), (after.Epoch, after.Steps));
    }

    [Fact]
    public void Another_network_is_refused_and_the_run_stays_as_it_was()
    {
        string straight = Sha256.OfFile(Path.Combine(phantom.Train(phantom.NewFolder()).Path, "phantom.onnx"));
        string folder = phantom.NewFolder();
        phantom.TrainUntil(folder, 4);
        byte[] config = File.ReadAllBytes(Path.Combine(folder, "config.json"));
        SegException error = Error(() => phantom.Train(folder, resume: true, force: true, config: PhantomRun.Config(c => c.DefaultModel.NFilters = 8)));
        Assert.Equal("ResumeMismatch", error.ErrorId);
        Assert.Matches(@"'model\.encoder[^']+' as \(4\S*\), the new settings as \(8", error.Message);
        Assert.Equal("ResumeMismatch", Error(() => phantom.Train(folder, resume: true, force: true, config: PhantomRun.Config(c => c.DefaultModel.Depth = 1))).ErrorId);
        Assert.Equal(config, File.ReadAllBytes(Path.Combine(folder, "config.json")));
        Assert.Equal(straight, phantom.Train(folder, resume: true).Sha256);
    }

    [Fact]
    public void Force_with_the_same_settings_changes_nothing()
    {
        string straight = phantom.Train(phantom.NewFolder()).Sha256;
        string folder = phantom.NewFolder();
        phantom.TrainUntil(folder, 5);
        var observer = new RecordingObserver();
        Assert.Equal(straight, phantom.Train(folder, resume: true, force: true, observer: observer).Sha256);
        Assert.Empty(observer.Warnings);
    }

    [Fact]
    public void A_finished_model_is_not_changed_and_force_alone_makes_no_sense()
    {
        string folder = phantom.NewFolder();
        SegModel model = phantom.Train(folder);
        SegException error = Error(() => phantom.Train(folder, resume: true, force: true, seed: 9));
        Assert.Equal("ResumeMismatch", error.ErrorId);
        Assert.Contains("finished", error.Recommendation, StringComparison.Ordinal);
        Assert.Equal(model.Sha256, phantom.Train(folder, resume: true, force: true).Sha256);
        Assert.Equal("ForceWithoutResume", Error(() => phantom.Train(folder, force: true)).ErrorId);
    }

    private static SegException Error(Action action) => Assert.Throws<SegException>(action);
}
