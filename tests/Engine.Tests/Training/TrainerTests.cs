using System.Text.Json;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

[Collection(TorchGlobalState.Name)]
public sealed class TrainerTests(PhantomRun phantom) : IClassFixture<PhantomRun>
{
    [Fact]
    public void A_run_leaves_a_model_and_its_records()
    {
        string folder = phantom.NewFolder();
        SegModel model = phantom.Train(folder);
        Assert.Equal(["seg-cord", "seg-csf"], model.Classes);
        Assert.Equal((3, 0.5, "cpu", folder), (model.History.Count, model.Threshold, model.Device, model.RunPath));
        Assert.Same(phantom.Dataset, model.Dataset);
        Assert.Equal(5, model.Split.Training.Count + model.Split.Validation.Count + model.Split.Test.Count);
        Assert.Equal(
            ["manifest.json", "phantom.json", "phantom.onnx", "phantom.safetensors"],
            Directory.GetFiles(model.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(3, File.ReadAllLines(Path.Combine(folder, "history.jsonl")).Length);
        Assert.Single(Directory.GetFiles(folder, "events.out.tfevents.*"));
        Assert.True(File.Exists(Path.Combine(folder, "split.json")));
        Assert.True(File.Exists(Path.Combine(folder, "config.json")));
        Assert.Empty(Directory.GetFileSystemEntries(folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void The_packaged_configuration_says_by_hash_which_images_trained()
    {
        string folder = phantom.NewFolder();
        SegModel model = phantom.Train(folder);
        BidsImage[] images = [.. phantom.Dataset.Images.Where(i => model.Split.Training.Contains(i.Subject))];
        Assert.NotEmpty(images);
        Assert.Equal(
            images.ToDictionary(i => Path.GetFileName(i.Path), i => Sha256.OfFile(i.Path)),
            ModelPackage.Load(model.Path, SegEngine.Catalog, _ => { }).Config.TrainingSha256.ToDictionary(p => p.Key, p => p.Value));

        // The configuration of a model is still the configuration of its run.
        Assert.Equal(model.Sha256, phantom.Train(folder, resume: true, config: model.Config).Sha256);
    }

    [Fact]
    public void Hashes_name_every_image_once_and_leave_out_what_is_gone()
    {
        BidsImage first = phantom.Dataset.Images[0];
        var warnings = new List<string>();
        SegMap<string> hashes = TrainingHashes.Of([first, first, first with { Path = first.Path + ".gone" }], warnings.Add, default);
        Assert.Equal([Path.GetFileName(first.Path), first.RelativePath], hashes.Keys);
        Assert.Contains(".gone", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_model_loads_as_it_was_returned()
    {
        SegModel model = phantom.Train(phantom.NewFolder());
        SegModel loaded = ModelPackage.Load(model.Path, SegEngine.Catalog, warning => Assert.Fail(warning));
        Assert.Equal(JsonSerializer.Serialize(model with { Dataset = null }), JsonSerializer.Serialize(loaded));
        Assert.Equal(loaded.Sha256, Sha256.OfFile(ModelPackage.OnnxPath(loaded)));
    }

    [Fact]
    public void Every_epoch_has_metrics_and_models_from_before_there_were_any_still_load()
    {
        SegModel model = phantom.Train(phantom.NewFolder());
        Assert.All(model.History, e => Assert.NotNull(e.Metrics!.SpecificityScore));
        string manifest = Path.Combine(model.Path, "manifest.json");
        var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(manifest))!;
        foreach (var epoch in json["training"]!["history"]!.AsArray()) Assert.True(epoch!.AsObject().Remove("metrics"));
        File.WriteAllText(manifest, json.ToJsonString());
        Assert.All(ModelPackage.Load(model.Path, SegEngine.Catalog, _ => { }).History, e => Assert.Null(e.Metrics));
    }

    [Fact]
    public void Seed_alone_decides_and_not_the_number_of_workers()
    {
        string first = Hashes(phantom.Train(phantom.NewFolder(), workers: 0));
        Assert.Equal(first, Hashes(phantom.Train(phantom.NewFolder(), workers: 3)));
        Assert.NotEqual(first, Hashes(phantom.Train(phantom.NewFolder(), seed: 5)));
    }

    [Fact]
    public void Trainings_at_the_same_time_do_not_touch_each_other()
    {
        string alone = Hashes(phantom.Train(phantom.NewFolder()));
        string[] hashes = new string[6];
        Parallel.For(0, hashes.Length, new ParallelOptions { MaxDegreeOfParallelism = 3 }, i => hashes[i] = Hashes(phantom.Train(phantom.NewFolder())));
        Assert.All(hashes, hash => Assert.Equal(alone, hash));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(3, 4)]
    [InlineData(8, 9)]
    public void Stopped_twice_and_resumed_gives_the_same_bits(int first, int second)
    {
        string straight = Hashes(phantom.Train(phantom.NewFolder()));
        string folder = phantom.NewFolder();
        phantom.TrainUntil(folder, first);
        if (second > first) phantom.TrainUntil(folder, second, resume: true);
        SegModel model = phantom.Train(folder, resume: true);
        Assert.Equal(straight, Hashes(model));
        Assert.Equal(3, File.ReadAllLines(Path.Combine(folder, "history.jsonl")).Length);
    }

    [Fact]
    public void Balanced_sampling_resumes_to_the_same_bits()
    {
        SegConfig config = PhantomRun.Config(c => (c.TrainingParameters.BalanceSamples.Applied, c.LoaderParameters.SliceFilterParams.FilterEmptyInput) = (true, false));
        string straight = Hashes(phantom.Train(phantom.NewFolder(), config: config));
        Assert.NotEqual(straight, Hashes(phantom.Train(phantom.NewFolder())));
        string folder = phantom.NewFolder();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => phantom.Train(folder, config: config, ct: stop.Token, batchDone: position =>
        {
            if (position.Steps >= 5) stop.Cancel();
        }));
        Assert.Equal(straight, Hashes(phantom.Train(folder, resume: true, config: config, workers: 3)));
    }

    [Fact]
    public void Configured_updates_resume_to_the_same_bits()
    {
        SegConfig config = PhantomRun.Config(c =>
        {
            c.TrainingParameters.Optimizer = new("AdamW", new Dictionary<string, object?> { ["weight_decay"] = 0.1 });
            (c.TrainingParameters.GradientClipNorm, c.TrainingParameters.AccumulateBatches, c.TrainingParameters.EmaDecay) = (0.1, 2, 0.8);
        });
        string straight = Hashes(phantom.Train(phantom.NewFolder(), config: config));
        Assert.NotEqual(straight, Hashes(phantom.Train(phantom.NewFolder())));
        string folder = phantom.NewFolder();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => phantom.Train(folder, config: config, ct: stop.Token, batchDone: position =>
        {
            if ((position.Epoch, position.Pending.Batches) == (2, 1)) stop.Cancel();
        }));
        Assert.Equal(straight, Hashes(phantom.Train(folder, resume: true, config: config)));
    }

    [Fact]
    public void Samples_on_disk_train_to_the_same_bits_and_leave_nothing()
    {
        string inMemory = Hashes(phantom.Train(phantom.NewFolder()));
        using var cache = new TemporaryFolder();
        var seen = new List<string>();
        SegModel model = phantom.Train(
            phantom.NewFolder(),
            config: PhantomRun.Config(c => (c.LoaderParameters.CacheMemoryMb, c.LoaderParameters.CachePath) = (0, cache.Path)),
            batchDone: _ => seen.AddRange(Directory.GetFileSystemEntries(cache.Path)));
        Assert.Equal(inMemory, Hashes(model));
        Assert.NotEmpty(seen);
        Assert.Empty(Directory.GetFileSystemEntries(cache.Path));
    }

    [Fact]
    public void Samples_that_fit_nowhere_end_the_training_with_what_to_raise()
    {
        using var cache = new TemporaryFolder();
        SegException error = Assert.Throws<SegException>(() => phantom.Train(phantom.NewFolder(), config: PhantomRun.Config(c =>
            (c.LoaderParameters.CacheMemoryMb, c.LoaderParameters.CacheDiskMb, c.LoaderParameters.CachePath) = (0, 0, cache.Path))));
        Assert.Equal("CacheFull", error.ErrorId);
        Assert.Empty(Directory.GetFileSystemEntries(cache.Path));
    }

    [Fact]
    public void A_damaged_checkpoint_costs_one_epoch_and_nothing_else()
    {
        string straight = Hashes(phantom.Train(phantom.NewFolder()));
        string folder = phantom.NewFolder();
        phantom.TrainUntil(folder, 8);
        string newest = Directory.GetFiles(Path.Combine(folder, "checkpoints"), "*.safetensors").Max(StringComparer.Ordinal)!;
        File.WriteAllBytes(newest, File.ReadAllBytes(newest)[..^10]);
        var observer = new RecordingObserver();
        Assert.Equal(straight, Hashes(phantom.Train(folder, resume: true, observer: observer)));
        Assert.Contains(observer.Warnings, w => w.Contains("is damaged", StringComparison.Ordinal));
    }

    [Fact]
    public void A_finished_run_is_not_overwritten_and_resuming_returns_it()
    {
        string folder = phantom.NewFolder();
        SegModel model = phantom.Train(folder);
        Assert.Equal("RunExists", Error(() => phantom.Train(folder)).ErrorId);
        DateTime written = File.GetLastWriteTimeUtc(ModelPackage.OnnxPath(model));
        Assert.Equal(Hashes(model), Hashes(phantom.Train(folder, resume: true)));
        Assert.Equal(written, File.GetLastWriteTimeUtc(ModelPackage.OnnxPath(model)));
    }

    [Fact]
    public void An_unfinished_run_is_not_overwritten()
    {
        string folder = phantom.NewFolder();
        phantom.TrainUntil(folder, 1);
        Assert.Contains("-Resume", Error(() => phantom.Train(folder)).Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void Resuming_with_other_settings_is_refused_with_the_difference()
    {
        string folder = phantom.NewFolder();
        phantom.TrainUntil(folder, 4);
        var error = Error(() => phantom.Train(folder, resume: true, config: PhantomRun.Config(c => c.TrainingParameters.BatchSize = 4)));
        Assert.Equal("ResumeMismatch", error.ErrorId);
        Assert.Contains("training_parameters.batch_size: 3 → 4", error.Message, StringComparison.Ordinal);
        Assert.Equal("ResumeMismatch", Error(() => phantom.Train(folder, resume: true, seed: 9)).ErrorId);

        // Where the output goes and how much is logged make no other model.
        phantom.Train(folder, resume: true, config: PhantomRun.Config(c => c.PathOutput = "elsewhere"));
    }

    [Fact]
    public void Without_a_seed_of_its_own_a_continued_run_keeps_its_seed()
    {
        string straight = Hashes(phantom.Train(phantom.NewFolder(), seed: 7));
        string folder = phantom.NewFolder();
        phantom.TrainUntil(folder, 4, seed: 7);
        Assert.Equal(straight, Hashes(phantom.Train(folder, resume: true, seed: null)));
        Assert.Contains("\"seed\": 7", File.ReadAllText(Path.Combine(folder, "phantom", "manifest.json")), StringComparison.Ordinal);

        // A finished run is returned without the seed too, and an explicit one is still compared.
        Assert.Equal(straight, Hashes(phantom.Train(folder, resume: true, seed: null)));
        Assert.Contains("-Seed: 7 → 0", Error(() => phantom.Train(folder, resume: true, seed: 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_model_of_another_name_is_told_from_an_unfinished_run()
    {
        string folder = phantom.NewFolder();
        phantom.Train(folder);
        foreach (bool checkpoints in new[] { true, false })
        {
            if (!checkpoints) Directory.Delete(Path.Combine(folder, "checkpoints"), recursive: true);
            SegException error = Error(() => phantom.Train(folder, config: PhantomRun.Config(c => c.ModelName = "second")));
            Assert.Equal("RunExists", error.ErrorId);
            Assert.Contains("finished model 'phantom'", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("-Resume", error.Recommendation, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Resuming_nothing_is_an_error_that_leaves_nothing()
    {
        string folder = phantom.NewFolder();
        Assert.Equal("NothingToResume", Error(() => phantom.Train(folder, resume: true)).ErrorId);
        Assert.False(Directory.Exists(folder));
        Directory.CreateDirectory(folder);
        Assert.Equal("NothingToResume", Error(() => phantom.Train(folder, resume: true)).ErrorId);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void A_second_run_into_the_folder_is_refused_while_the_first_goes_on()
    {
        string folder = phantom.NewFolder();
        SegException? error = null;
        phantom.Train(folder, batchDone: _ => error ??= Error(() => phantom.Train(folder, resume: true)));
        Assert.Equal("RunLocked", error!.ErrorId);
    }

    [Fact]
    public void A_folder_of_the_users_is_not_taken_for_the_model()
    {
        string folder = phantom.NewFolder();
        Directory.CreateDirectory(Path.Combine(folder, "phantom", "mine"));
        Assert.Equal("ModelFolderTaken", Error(() => phantom.Train(folder)).ErrorId);
        Assert.True(Directory.Exists(Path.Combine(folder, "phantom", "mine")));
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_removed_and_nothing_else()
    {
        string folder = phantom.NewFolder();
        string id = Guid.NewGuid().ToString("N");
        Directory.CreateDirectory(Path.Combine(folder, $"phantom.{id}.tmp", "half"));
        File.WriteAllText(Path.Combine(folder, $"split.json.{id}.tmp"), "half");
        File.WriteAllText(Path.Combine(folder, "mine.tmp"), "whole");
        phantom.Train(folder);
        Assert.Equal(["mine.tmp"], Directory.GetFileSystemEntries(folder, "*.tmp").Select(Path.GetFileName));
    }

    [Fact]
    public void Without_validation_images_the_last_epoch_is_packaged()
    {
        var observer = new RecordingObserver();
        SegModel model = phantom.Train(
            phantom.NewFolder(), observer: observer, config: PhantomRun.Config(c => (c.SplitDataset.TrainFraction, c.SplitDataset.TestFraction) = (0.8, 0.2)));
        Assert.Equal((3, null), (model.BestEpoch, model.BestValidationLoss));
        Assert.Contains(observer.Warnings, w => w.Contains("no validation images", StringComparison.Ordinal));
    }

    [Fact]
    public void A_spoilt_run_keeps_its_last_good_checkpoint()
    {
        string folder = phantom.NewFolder();
        SegException error = Error(() => phantom.Train(folder, batchDone: position =>
        {
            if (position.Epoch == 2) throw new SegException("LossNotFinite", SegErrorKind.InvalidData, "as if", "nothing");
        }));
        Assert.Equal("LossNotFinite", error.ErrorId);
        using Checkpoint kept = new CheckpointStore(Path.Combine(folder, "checkpoints")).Latest(warning => Assert.Fail(warning))!;
        Assert.Equal((2, 0), (kept.State.Position.Epoch, kept.State.Position.NextBatch));
    }

    [Fact]
    public void Progress_is_closed_whatever_happens()
    {
        var observer = new RecordingObserver();
        phantom.Train(phantom.NewFolder(), observer: observer);
        Assert.Equal([0, 1, 2], observer.Shown.Where(p => p.Completed && p.Activity != "").Select(p => p.Id).Distinct().Order());
        Assert.Contains(observer.Shown, p => p.Status.StartsWith("Epoch 1/3", StringComparison.Ordinal));
    }

    [Fact]
    public void Unsupported_settings_are_refused_before_anything_is_written()
    {
        string folder = phantom.NewFolder();
        Assert.Throws<SegException>(() => phantom.Train(folder, config: PhantomRun.Config(c => c.SplitPath = "split.json")));
        Assert.False(Directory.Exists(folder));
    }

    private static SegException Error(Action action) => Assert.Throws<SegException>(action);

    private static string Hashes(SegModel model) => Sha256.OfFile(ModelPackage.WeightsPath(model)) + Sha256.OfFile(ModelPackage.OnnxPath(model));
}
