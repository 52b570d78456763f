using MedSeg.Engine.Bids;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

/// <summary>Five phantoms with two contrasts each.</summary>
public sealed class ContrastPhantom : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _runs;

    public ContrastPhantom()
    {
        string data = _folder.File("data");
        Phantom.Create(new PhantomRequest(data, 5, ["T1w", "T2w"], 3, [24, 24, 3]), SilentObserver.Instance, default);
        Dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
    }

    public BidsDataset Dataset { get; }

    public string File(string name) => _folder.File(name);

    public string NewFolder() => _folder.File("run" + Interlocked.Increment(ref _runs));

    internal SegModel Train(Action<SegConfig> change, int workers = 1, string? folder = null, ISegObserver? observer = null, bool resume = false,
        Action<RunPosition>? batchDone = null, CancellationToken ct = default)
    {
        SegConfig config = PhantomRun.Config(c =>
        {
            c.TrainingParameters.TrainingTime.NumEpochs = 2;
            change(c);
        });
        return Trainer.Run(
            new TrainingRequest(Dataset, config, folder ?? NewFolder(), "cpu", 4, resume), SegEngine.Catalog, observer ?? SilentObserver.Instance,
            new TrainerOptions(workers, (position, _) => batchDone?.Invoke(position)), ct);
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>From every kind of sample to a packaged model, and with it to predictions.</summary>
[Collection(TorchGlobalState.Name)]
public sealed class SampleTrainingTests(ContrastPhantom phantom) : IClassFixture<ContrastPhantom>
{
    [Fact]
    public void A_model_of_several_channels_knows_their_contrasts_and_predicts_with_them()
    {
        var observer = new RecordingObserver();
        SegModel model = phantom.Train(Channels, observer: observer);
        Assert.Empty(observer.Warnings);
        Assert.Equal(["T2w", "T1w"], model.Contrasts);
        Assert.Equal(model.Contrasts, ModelPackage.Load(model.Path, SegEngine.Catalog, warning => Assert.Fail(warning)).Contrasts);
        using (var session = new OnnxSession(ModelPackage.OnnxPath(model)))
            Assert.Equal(2, session.InputChannels);

        IReadOnlyList<PredictionInput> inputs = SegEngine.SelectForPrediction(model, null, SegSplitPart.All, SilentObserver.Instance, default);
        SegPrediction[] predictions = [.. SegEngine.Predict(
            new PredictionRequest(model, inputs, phantom.NewFolder(), "cpu", null, false), SilentObserver.Instance, default)];
        Assert.Equal(5, predictions.Length);
        Assert.All(predictions, p => Assert.EndsWith("_T2w.nii.gz", p.ImagePath, StringComparison.Ordinal));
    }

    [Fact]
    public void The_loss_falls_on_patches_of_several_channels_and_the_model_predicts_whole_images()
    {
        SegModel model = phantom.Train(config =>
        {
            Channels(config);
            Patches(config);
            config.TrainingParameters.TrainingTime.NumEpochs = 4;
        });
        Assert.True(model.History[^1].TrainingLoss < model.History[0].TrainingLoss - 0.02, string.Join(' ', model.History.Select(e => e.TrainingLoss)));
        IReadOnlyList<PredictionInput> inputs = SegEngine.SelectForPrediction(model, null, SegSplitPart.Test, SilentObserver.Instance, default);
        Assert.NotEmpty(SegEngine.Predict(new PredictionRequest(model, inputs, phantom.NewFolder(), "cpu", null, false), SilentObserver.Instance, default).ToList());
    }

    public static TheoryData<string> Kinds { get; } = ["channels and patches", "dropout", "raters", "region", "balanced", "balanced by column", "few in memory"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_model_does_not_depend_on_the_number_of_workers(string kind)
    {
        string first = phantom.Train(c => Change(c, kind), workers: 0).Sha256;
        Assert.Equal(first, phantom.Train(c => Change(c, kind), workers: 3).Sha256);
        if (kind == "few in memory")
            Assert.Equal(first, phantom.Train(Patches).Sha256);
    }

    [Fact]
    public void A_run_on_patches_that_was_stopped_in_its_first_epoch_goes_on_bit_by_bit()
    {
        string folder = phantom.NewFolder();
        void Change(SegConfig config)
        {
            Channels(config);
            Patches(config);
            config.LoaderParameters.IsInputDropout = true;
        }

        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => phantom.Train(Change, folder: folder, ct: stop.Token, batchDone: position =>
        {
            if (position.Steps >= 3) stop.Cancel();
        }));
        Assert.Equal(phantom.Train(Change).Sha256, phantom.Train(Change, folder: folder, resume: true, workers: 2).Sha256);
    }

    [Fact]
    public void A_manifest_with_other_contrasts_than_the_configuration_is_damage()
    {
        SegModel model = phantom.Train(Channels);
        string path = Path.Combine(model.Path, "manifest.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"T1w\"", "\"PDw\"", StringComparison.Ordinal));
        SegException error = Assert.Throws<SegException>(() => ModelPackage.Load(model.Path, SegEngine.Catalog, _ => { }));
        Assert.Equal("ModelDamaged", error.ErrorId);
        Assert.Contains("T2w, PDw", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_classifier_of_slices_travels_with_the_model()
    {
        // Accepts a slice by its brightest voxel: all, and after the exchange none.
        string path = phantom.File("accepts.onnx");
        void Filter(SegConfig config) => config.LoaderParameters.SliceFilterParams = new() { FilterClassification = true, ClassifierPath = path };
        File.WriteAllBytes(path, Classifier(limit: -10));
        string folder = phantom.NewFolder();
        SegModel model = phantom.Train(Filter, folder: folder);
        byte[] packaged = File.ReadAllBytes(ModelPackage.ClassifierPath(model));
        Assert.Equal(File.ReadAllBytes(path), packaged);
        Assert.Equal(Sha256.OfBytes(packaged), ModelPackage.Load(model.Path, SegEngine.Catalog, warning => Assert.Fail(warning)).ClassifierSha256);

        File.WriteAllBytes(path, Classifier(limit: 1e9f));
        SegException mismatch = Assert.Throws<SegException>(() => phantom.Train(Filter, folder: folder, resume: true));
        Assert.Equal("ResumeMismatch", mismatch.ErrorId);
        Assert.Contains("classifier_sha256", mismatch.Message, StringComparison.Ordinal);
        File.Delete(path);
        var observer = new RecordingObserver();
        Assert.NotEmpty(Predict(model, observer));
        Assert.Empty(observer.Warnings);

        File.WriteAllText(ModelPackage.ClassifierPath(model), "another");
        Assert.Equal("ModelDamaged", Assert.Throws<SegException>(() => ModelPackage.Load(model.Path, SegEngine.Catalog, _ => { })).ErrorId);
    }

    [Fact]
    public void A_classifier_that_is_not_there_ends_a_training_before_it_makes_a_folder()
    {
        string folder = phantom.NewFolder();
        SegException error = Assert.Throws<SegException>(() => phantom.Train(
            config => config.LoaderParameters.SliceFilterParams = new() { FilterClassification = true, ClassifierPath = phantom.File("none.onnx") }, folder: folder));
        Assert.Equal("FileNotFound", error.ErrorId);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Without_multichannel_a_model_has_no_contrasts_of_its_own() => Assert.Empty(phantom.Train(_ => { }).Contrasts);

    [Fact]
    public void An_image_that_cannot_be_read_while_training_runs_is_named_and_the_rest_trains()
    {
        var observer = new RecordingObserver();
        string gone = phantom.Dataset.Images.First(i => i.Contrast == "T2w").Path;
        File.Move(gone, gone + ".away");
        try
        {
            Assert.NotEmpty(phantom.Train(config => config.SplitDataset.TrainFraction = 0.8, observer: observer).Sha256);
        }
        finally
        {
            File.Move(gone + ".away", gone);
        }

        Assert.Contains(observer.Warnings, w => w.Contains(gone, StringComparison.Ordinal));
    }

    private List<SegPrediction> Predict(SegModel model, ISegObserver observer)
    {
        IReadOnlyList<PredictionInput> inputs = SegEngine.SelectForPrediction(model, null, SegSplitPart.Test, observer, default);
        return [.. SegEngine.Predict(new PredictionRequest(model, inputs, phantom.NewFolder(), "cpu", null, false), observer, default)];
    }

    private static byte[] Classifier(float limit)
    {
        var graph = new OnnxGraph();
        string brightest = graph.Node("GlobalMaxPool", [graph.Input("slice", "batch", 1, "height", "width")]);
        string above = graph.Node("Sub", [brightest, graph.Constant("limit", [limit])]);
        graph.Output(graph.Node("Sigmoid", [above]), "probability", "batch", 1, 1, 1);
        return graph.ToBytes("classifier", "test", "1", new Dictionary<string, string>());
    }

    private static void Change(SegConfig config, string kind)
    {
        switch (kind)
        {
            case "channels and patches":
                Channels(config);
                Patches(config);
                config.LoaderParameters.PatchFilterParams.FilterEmptyMask = true;
                break;
            case "dropout":
                Channels(config);
                config.LoaderParameters.IsInputDropout = true;
                break;
            case "raters":
                config.LoaderParameters.TargetSuffix = ["_seg-cord"];
                config.LoaderParameters.TargetSuffixRaters = [["_seg-cord", "_seg-csf"]];
                break;
            case "region":
                config.LoaderParameters.TargetSuffix = ["_seg-cord"];
                config.LoaderParameters.RoiParams = new() { Suffix = "_seg-csf", SliceFilterRoi = 1 };
                config.Transformation[0] = new TransformConfig("ROICrop", new Dictionary<string, object?> { ["size"] = new object?[] { 16L, 16L } });
                break;
            case "balanced" or "balanced by column":
                config.TrainingParameters.BalanceSamples = new() { Applied = true, Type = kind == "balanced" ? "gt" : "sex" };
                break;
            default:
                Patches(config);
                config.LoaderParameters.CacheMemoryMb = 0;
                break;
        }
    }

    private static void Channels(SegConfig config)
    {
        config.LoaderParameters.Multichannel = true;
        config.LoaderParameters.ContrastParams.TrainingValidation = ["T2w", "T1w"];
        config.LoaderParameters.ContrastParams.Testing = ["T2w", "T1w"];
    }

    private static void Patches(SegConfig config) =>
        (config.DefaultModel.Length2D, config.DefaultModel.Stride2D) = ([12, 16], [8, 4]);
}
