using MedSeg.Engine.Inference;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Training;
using MedSeg.Engine.Training.Series;
using Xunit;

namespace MedSeg.Engine.Tests.Training.Series;

[Collection(TorchGlobalState.Name)]
public sealed class SeriesTrainerTests(PhantomRun phantom) : IClassFixture<PhantomRun>
{
    [Fact]
    public void Each_seed_gives_the_model_that_it_gives_alone()
    {
        string folder = phantom.NewFolder();
        List<SegModel> results = Train(folder, [3, 1]);
        Assert.Equal([folder + "/seed-3", folder + "/seed-1", folder], results.Select(model => model.RunPath!.Replace('\\', '/')));
        Assert.Equal([Alone(3), Alone(1)], results.Take(2).Select(Hash));
        Assert.Equal(results.Take(2).Select(Hash), results[2].Members.Select(Hash));
        Assert.Same(phantom.Dataset, results[2].Dataset);
        Assert.Equal(results[2].Sha256, SegEngine.LoadModel(folder).Sha256);
        Assert.Equal(results[0].Split.Test, results[2].Split.Test);
        Assert.Empty(Directory.GetFileSystemEntries(folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    [InlineData(4, 5)]
    public void A_series_stopped_twice_ends_with_the_same_bits(int first, int second)
    {
        string straight = Hashes(Train(phantom.NewFolder(), [], folds: 2));
        string folder = phantom.NewFolder();
        Stop(folder, first, [], folds: 2);
        Stop(folder, second - first, [], resume: true);
        Assert.Equal(straight, Hashes(Train(folder, [], resume: true)));
    }

    [Fact]
    public void What_is_finished_is_not_trained_again_and_a_lost_file_of_the_ensemble_comes_back()
    {
        string folder = phantom.NewFolder();
        string straight = Hashes(Train(folder, [1, 2]));
        string[] files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        var before = files.ToDictionary(file => file, File.GetLastWriteTimeUtc);
        byte[] ensemble = File.ReadAllBytes(Path.Combine(folder, "ensemble.json"));
        File.Delete(Path.Combine(folder, "ensemble.json"));
        Assert.Equal(straight, Hashes(Train(folder, [], resume: true, batchDone: () => Assert.Fail("trained"))));
        Assert.Equal(ensemble, File.ReadAllBytes(Path.Combine(folder, "ensemble.json")));
        string[] packaged = [.. files.Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "phantom")];
        Assert.Equal(8, packaged.Length);
        Assert.All(packaged, file => Assert.Equal(before[file], File.GetLastWriteTimeUtc(file)));
    }

    [Fact]
    public void Killed_before_the_first_checkpoint_it_starts_anew()
    {
        string folder = phantom.NewFolder();
        string straight = Hashes(Train(folder, [1, 2]));
        string killed = phantom.NewFolder();
        Directory.CreateDirectory(Path.Combine(killed, "seed-1"));
        File.Copy(Path.Combine(folder, "series.json"), Path.Combine(killed, "series.json"));
        File.WriteAllText(Path.Combine(killed, "seed-1", "run.lock"), "");
        Assert.Equal(straight, Hashes(Train(killed, [1, 2], resume: true)));
    }

    [Fact]
    public void Every_participant_is_kept_out_once_and_predicted_by_the_model_without_him()
    {
        string folder = phantom.NewFolder();
        List<SegModel> results = Train(folder, [], folds: 5);
        Assert.Equal(["fold-1", "fold-2", "fold-3", "fold-4", "fold-5"], results.Take(5).Select(model => Path.GetFileName(model.RunPath)));
        Assert.Equal(5, results.Take(5).Select(model => Assert.Single(model.Split.Test)).Distinct().Count());
        Assert.All(results.Take(5), model => Assert.NotNull(model.BestValidationLoss));

        SegModel ensemble = SegEngine.LoadModel(folder);
        var observer = new RecordingObserver();
        var inputs = PredictionSelector.Select(ensemble, null, null, observer, default);
        Assert.Equal(5, inputs.Count);
        string output = phantom.NewFolder();
        SegPrediction[] predictions = [.. Predictor.Run(new PredictionRequest(ensemble, inputs, output, "cpu", null, false), observer, default)];
        Assert.Equal(5, predictions.Length);
        foreach (SegPrediction prediction in predictions)
        {
            SegModel own = results.Single(model => model.Path == prediction.ModelPath);
            Assert.Equal([prediction.Subject!], own.Split.Test);
            SegPrediction alone = Predictor.Run(
                new PredictionRequest(own, PredictionSelector.Select(own, phantom.Dataset, null, observer, default), phantom.NewFolder(), "cpu", null, false), observer, default).Single();
            Assert.Equal(File.ReadAllBytes(alone.Classes[0].Path), File.ReadAllBytes(prediction.Classes[0].Path));
        }

        Assert.Empty(observer.Warnings);
    }

    [Fact]
    public void Folds_and_seeds_give_a_model_of_each_seed_for_each_fold()
    {
        string folder = phantom.NewFolder();
        SegModel ensemble = Train(folder, [1, 2], folds: 2)[^1];
        Assert.Equal(["fold-1-seed-1", "fold-1-seed-2", "fold-2-seed-1", "fold-2-seed-2"], SegEngine.Summarize(ensemble).Runs);
        Assert.Equal(ensemble.Members[0].Split.Test, ensemble.Members[1].Split.Test);
        Assert.Empty(ensemble.Members[0].Split.Test.Intersect(ensemble.Members[2].Split.Test));
        var inputs = PredictionSelector.Select(ensemble, phantom.Dataset, SegSplitPart.Test, SilentObserver.Instance, default);
        Assert.All(inputs, input => Assert.Equal(ensemble.Members[0].Split.Test.Contains(input.Image!.Subject) ? [0, 1] : [2, 3], input.Members));
    }

    [Fact]
    public void Progress_says_which_model_it_is_and_closes_its_bars()
    {
        var observer = new RecordingObserver();
        Train(phantom.NewFolder(), [7, 8], folds: 2, observer: observer);
        Assert.Contains(observer.Shown, p => p is { Id: 0, Status: "fold 2 of 2, seed 7 (1 of 2)", Percent: >= 50 and < 75 });
        Assert.Contains(observer.Shown, p => p.Id == 1 && p.Status.StartsWith("Epoch 1/2", StringComparison.Ordinal));
        Assert.True(observer.Shown.Last(p => p.Id == 0).Completed);
    }

    [Fact]
    public void A_warning_about_the_images_comes_once()
    {
        var observer = new RecordingObserver();
        Train(phantom.NewFolder(), [1, 2], observer: observer, config: Config(c => (c.SplitDataset.TrainFraction, c.SplitDataset.TestFraction) = (0.8, 0.2)));
        Assert.Single(observer.Warnings, warning => warning.Contains("no validation images", StringComparison.Ordinal));
    }

    [Fact]
    public void Stopping_says_where_and_how_to_go_on()
    {
        string folder = phantom.NewFolder();
        var observer = new RecordingObserver();
        Stop(folder, 7, [5, 6], observer: observer);
        Assert.Contains(observer.Warnings, w => w.Contains("stopped at seed 6 (2 of 2), with 1 of 2 models finished", StringComparison.Ordinal) && w.Contains(folder, StringComparison.Ordinal));
    }

    [Fact]
    public void One_series_at_a_time_and_never_over_another_run()
    {
        string folder = phantom.NewFolder();
        SegException? locked = null;
        Train(folder, [1, 2], batchDone: () => locked ??= Error(() => Train(folder, [1, 2], resume: true)));
        Assert.Equal("RunLocked", locked!.ErrorId);
        Assert.Equal("RunExists", Error(() => Train(folder, [1, 2])).ErrorId);
        Assert.Equal("RunExists", Error(() => phantom.Train(folder, config: Config())).ErrorId);
        Assert.Equal("RunExists", Error(() => phantom.Train(folder, resume: true, config: Config())).ErrorId);

        string single = phantom.NewFolder();
        phantom.Train(single, config: Config());
        Assert.Equal("RunExists", Error(() => Train(single, [1, 2])).ErrorId);
        Assert.Equal("RunExists", Error(() => Train(single, [1, 2], resume: true)).ErrorId);

        string member = phantom.NewFolder();
        phantom.Train(Path.Combine(member, "seed-2"), config: Config());
        Assert.Equal("RunExists", Error(() => Train(member, [1, 2], batchDone: () => Assert.Fail("trained"))).ErrorId);
    }

    [Fact]
    public void Resuming_nothing_is_an_error_that_leaves_nothing()
    {
        string folder = phantom.NewFolder();
        Assert.Equal("NothingToResume", Error(() => Train(folder, [1, 2], resume: true)).ErrorId);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Resuming_other_models_is_refused_with_the_difference_and_seeds_can_be_added_by_force()
    {
        string folder = phantom.NewFolder();
        string first = Hash(Train(folder, [1, 2])[0]);
        SegException error = Error(() => Train(folder, [1, 3], resume: true));
        Assert.Equal("ResumeMismatch", error.ErrorId);
        Assert.Contains("-Seed: 1, 2 → 1, 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Fold: none → 2", Error(() => Train(folder, [], folds: 2, resume: true, force: true)).Message, StringComparison.Ordinal);
        Assert.Equal("ResumeMismatch", Error(() => Train(folder, [], resume: true, config: Config(c => c.TrainingParameters.BatchSize = 2))).ErrorId);
        Assert.Equal("ForceWithoutResume", Error(() => Train(folder, [1, 2], force: true)).ErrorId);

        List<SegModel> more = Train(folder, [1, 2, 3], resume: true, force: true);
        Assert.Equal((first, 3), (Hash(more[0]), more[^1].Members.Count));
        Assert.Equal(3, SegEngine.LoadModel(folder).Members.Count);
    }

    [Fact]
    public void A_dataset_that_has_changed_is_noticed_even_without_checkpoints()
    {
        string folder = phantom.NewFolder();
        Train(folder, [], folds: 2);
        foreach (string run in Directory.GetDirectories(folder, "fold-*")) Directory.Delete(Path.Combine(run, "checkpoints"), recursive: true);
        BidsImage gone = phantom.Dataset.Images[0];
        BidsDataset smaller = phantom.Dataset with { Images = [.. phantom.Dataset.Images.Where(image => image.Subject != gone.Subject)] };
        Assert.Equal("ResumeMismatch", Error(() => Train(folder, [], resume: true, dataset: smaller)).ErrorId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"format":2,"seeds":[1],"folds":null}""")]
    [InlineData("""{"format":1,"seeds":[],"folds":null}""")]
    [InlineData("""{"format":1,"seeds":[1,1],"folds":null}""")]
    [InlineData("""{"format":1,"seeds":null,"folds":null}""")]
    [InlineData("""{"format":1,"seeds":[1],"folds":1000000000}""")]
    [InlineData("""{"format":1,"seeds":[1e99],"folds":2}""")]
    public void A_damaged_plan_is_named(string text)
    {
        string folder = phantom.NewFolder();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "series.json"), text);
        SegException error = Error(() => Train(folder, [], resume: true));
        Assert.Equal("SeriesDamaged", error.ErrorId);
        Assert.Contains("series.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_given_twice_and_an_impossible_fold_leave_nothing()
    {
        string folder = phantom.NewFolder();
        Assert.Equal("SeedTwice", Error(() => Train(folder, [1, 1])).ErrorId);
        Assert.Equal("FoldCount", Error(() => Train(folder, [], folds: 1)).ErrorId);
        Assert.Equal("TooFewParticipants", Error(() => Train(folder, [], folds: 6)).ErrorId);
        Assert.False(Directory.Exists(folder));
    }

    private static SegConfig Config(Action<SegConfig>? change = null) => PhantomRun.Config(config =>
    {
        config.TrainingParameters.TrainingTime.NumEpochs = 2;
        change?.Invoke(config);
    });

    private List<SegModel> Train(
        string folder, int[] seeds, int? folds = null, bool resume = false, bool force = false, SegConfig? config = null, BidsDataset? dataset = null,
        ISegObserver? observer = null, Action? batchDone = null, CancellationToken ct = default)
    {
        var request = new TrainingRequest(dataset ?? phantom.Dataset, config ?? Config(), folder, "cpu", null, resume) { Force = force };
        return [.. SeriesTrainer.Run(
            new SeriesRequest(request, seeds, folds), SegEngine.Catalog, observer ?? SilentObserver.Instance, new TrainerOptions(1, (_, _) => batchDone?.Invoke()), ct)];
    }

    /// <summary>Trains that many batches, over all models, then stops.</summary>
    private void Stop(string folder, int batches, int[] seeds, int? folds = null, bool resume = false, ISegObserver? observer = null)
    {
        using var stop = new CancellationTokenSource();
        int done = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Train(folder, seeds, folds, resume, observer: observer, ct: stop.Token, batchDone: () =>
        {
            if (++done == batches) stop.Cancel();
        }));
    }

    private string Alone(int seed) => Hash(phantom.Train(phantom.NewFolder(), seed: seed, config: Config()));

    private static SegException Error(Action action) => Assert.Throws<SegException>(action);

    private static string Hash(SegModel model) => Sha256.OfFile(ModelPackage.WeightsPath(model)) + model.Sha256;

    private static string Hashes(List<SegModel> results)
    {
        Assert.Equal(results.Count - 1, results[^1].Members.Count);
        return string.Join('\n', results.SkipLast(1).Select(Hash)) + results[^1].Sha256;
    }
}
