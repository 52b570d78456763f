using MedSeg.Engine.Bids;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Tests.Training;
using MedSeg.Engine.Training;
using Xunit;
using RecordingObserver = MedSeg.Engine.Tests.Data.RecordingObserver;

namespace MedSeg.Engine.Tests.Inference;

/// <summary>From a dataset to figures: small networks are trained on phantoms, predict their test participants, and are measured.</summary>
[Collection(TorchGlobalState.Name)]
public sealed class TrainedPredictionTests : IDisposable
{
    private const double Floor = 0.75;

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingObserver _observer = new();
    private BidsDataset _dataset;

    public TrainedPredictionTests()
    {
        var data = _folder.File("data");
        Phantom.Create(new PhantomRequest(data, 5, ["T1w", "T2w"], 3, [32, 32, 3]), SilentObserver.Instance, default);
        _dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_of_two_channels_segments_new_participants()
    {
        var model = Train(config =>
        {
            config.LoaderParameters.Multichannel = true;
            config.LoaderParameters.ContrastParams.TrainingValidation = ["T1w", "T2w"];
            config.TrainingParameters.TrainingTime.NumEpochs = 20;
        });
        var predictions = Predict(model, Select(model));
        Assert.All(predictions, prediction => Assert.Equal("T1w+T2w", prediction.Contrast));
        Assert.All(predictions, prediction => Assert.InRange(Dice(prediction), Floor, 1));
    }

    [Fact]
    public void A_model_of_patches_segments_new_participants_with_any_overlap_and_on_whole_slices()
    {
        var model = Train(config =>
        {
            config.LoaderParameters.ContrastParams.TrainingValidation = ["T2w"];
            (config.DefaultModel.Length2D, config.DefaultModel.Stride2D) = ([20, 24], [12, 8]);
            config.TrainingParameters.BalanceSamples.Applied = true;
        });
        var inputs = Select(model);
        var patches = Predict(model, inputs);
        Assert.All(patches, prediction => Assert.InRange(Dice(prediction), Floor, 1));
        Assert.All(Predict(model, inputs, overlap: [16]), prediction => Assert.InRange(Dice(prediction), Floor, 1));
        Assert.All(Predict(model, inputs, whole: true), prediction => Assert.InRange(Dice(prediction), Floor, 1));
    }

    /// <summary>The configuration says nothing of the patterns by which the dataset was read; the packaged model does.</summary>
    [Fact]
    public void A_loaded_model_finds_images_whose_names_are_not_of_the_standard()
    {
        var (root, names) = (_dataset.Roots[0], _folder.File("names.json"));
        foreach (var folder in (string[])[root, Path.Combine(root, "derivatives", "labels")])
        {
            Directory.CreateDirectory(Path.Combine(folder, "scans"));
            foreach (var subject in Directory.GetDirectories(folder, "sub-*"))
                Directory.Move(subject, Path.Combine(folder, "scans", "patient" + Path.GetFileName(subject)[4..]));
        }

        File.WriteAllText(names, """
            {"entities": [{"name": "subject", "pattern": "/patient([0-9]+)/"}, {"name": "suffix", "pattern": "_([A-Za-z0-9]+)\\.[^/]+$"}]}
            """);
        _dataset = BidsScanner.Scan(new DatasetRequest([root], [], [], []) { BidsConfig = names }, SilentObserver.Instance, default);
        Assert.Equal((10, names, true), (_dataset.Images.Count, _dataset.BidsConfig, _dataset.Validated));
        var trained = Train(config => config.TrainingParameters.TrainingTime.NumEpochs = 1);
        var loaded = SegEngine.LoadModel(trained.Path, _observer, default);
        Assert.Null(loaded.Dataset);
        Assert.Equal(Select(trained).Select(input => input.Path), Select(loaded).Select(input => input.Path));
    }

    private SegModel Train(Action<SegConfig> change)
    {
        var config = PhantomRun.Config(config =>
        {
            config.LoaderParameters.TargetSuffix = ["_seg-cord"];
            config.LoaderParameters.ContrastParams.Testing = ["T2w"];
            config.DefaultModel.DropoutRate = 0;
            config.TrainingParameters.BatchSize = 4;
            config.TrainingParameters.TrainingTime.NumEpochs = 6;
            config.TrainingParameters.Scheduler.InitialLr = 0.03;
            config.DefaultModel.Depth = 1;
            config.Transformation = [new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] }];
            change(config);
        });
        var request = new TrainingRequest(_dataset, config, _folder.File("run"), "cpu", 4, false);
        return Trainer.Run(request, SegEngine.Catalog, _observer, new TrainerOptions(), default);
    }

    private IReadOnlyList<PredictionInput> Select(SegModel model)
    {
        var inputs = PredictionSelector.Select(model, null, null, _observer, default);
        Assert.NotEmpty(inputs);
        return inputs;
    }

    private List<SegPrediction> Predict(SegModel model, IReadOnlyList<PredictionInput> inputs, bool whole = false, int[]? overlap = null)
    {
        var request = new PredictionRequest(model, inputs, _folder.File("out"), "cpu", null, false) { WholeSlices = whole, PatchOverlap = overlap };
        List<SegPrediction> predictions = [.. Predictor.Run(request, _observer, default)];
        Assert.Empty(_observer.Errors);
        Assert.Equal(inputs.Count, predictions.Count);
        return predictions;
    }

    private double Dice(SegPrediction prediction)
    {
        var found = Assert.Single(prediction.Classes);
        return SegEngine.Measure(
            new MetricsRequest(found.Path, found.ReferencePath!, prediction.ImageId, prediction.Subject, prediction.Contrast, found.Name), _observer, default).Dice;
    }
}
