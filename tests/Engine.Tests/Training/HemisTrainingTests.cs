using MedSeg.Engine.Bids;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using Xunit;
using Recorder = MedSeg.Engine.Tests.Data.RecordingObserver;

namespace MedSeg.Engine.Tests.Training;

/// <summary>HeMISUnet from ordinary datasets, some of whose subjects lack a contrast, to predictions of images that lack one.</summary>
[Collection(TorchGlobalState.Name)]
public sealed class HemisTrainingTests(HemisPhantom phantom) : IClassFixture<HemisPhantom>
{
    [Fact]
    public void It_segments_images_without_a_contrast_better_than_a_unet_that_is_given_zeros()
    {
        var (hemis, unet) = (phantom.Hemis, phantom.Unet);
        var whole = phantom.Predict(hemis, "T1w", "T2w");
        Assert.Equal(["T1w", "T2w"], whole[0].UsedContrasts);
        Assert.Empty(whole[0].MissingContrasts);
        double both = Mean(whole);
        foreach (string contrast in new[] { "T1w", "T2w" })
        {
            List<SegPrediction> alone = phantom.Predict(hemis, contrast);
            Assert.Equal(whole.Count, alone.Count);
            Assert.All(alone, p => Assert.Equal((contrast, contrast), (Assert.Single(p.UsedContrasts), p.Contrast)));
            Assert.All(alone, p => Assert.Equal(contrast == "T1w" ? "T2w" : "T1w", Assert.Single(p.MissingContrasts)));
            double zeros = Mean(phantom.PredictWithZeros(unet, contrast)), dice = Mean(alone);
            string figures = FormattableString.Invariant($"{contrast}: HeMIS {dice:0.000} (both contrasts {both:0.000}), Unet with zeros {zeros:0.000}");
            Assert.True(dice >= 0.7 && dice > zeros + 0.1, figures);
        }

        Assert.InRange(both, 0.75, 1);
    }

    [Fact]
    public void The_package_asks_for_availability_and_says_so()
    {
        SegModel loaded = ModelPackage.Load(phantom.Hemis.Path, SegEngine.Catalog, warning => Assert.Fail(warning));
        Assert.Equal(["T1w", "T2w"], loaded.Contrasts);
        using var session = new OnnxSession(ModelPackage.OnnxPath(loaded));
        Assert.Equal(("available", 2), (Assert.Single(session.Inputs).Name, session.Inputs[0].Width));
    }

    [Fact]
    public void Bare_files_and_datasets_give_the_same_and_what_is_missing_is_said()
    {
        var observer = new Recorder();
        BidsDataset dataset = phantom.Without("sub-03", "T1w");
        IReadOnlyList<PredictionInput> inputs = SegEngine.SelectForPrediction(phantom.Hemis, dataset, SegSplitPart.All, SilentObserver.Instance, default);
        Assert.Equal(dataset.Images.Select(image => image.Subject).Distinct().Order(), inputs.Select(input => input.Image!.Subject));
        PredictionInput[] third = [.. inputs.Where(input => input.Image!.Subject == "sub-03")];
        SegPrediction ofDataset = Assert.Single(Run(phantom.Hemis, third, observer));
        SegPrediction ofFile = Assert.Single(Run(phantom.Hemis, [new PredictionInput(third[0].Path, null)], observer));
        Assert.EndsWith("sub-03_T2w.nii.gz", ofFile.ImagePath, StringComparison.Ordinal);
        Assert.Equal("T1w", Assert.Single(ofFile.MissingContrasts));
        Assert.Equal(File.ReadAllBytes(ofDataset.Classes[0].Path), File.ReadAllBytes(ofFile.Classes[0].Path));
        Assert.Equal(2, observer.Warnings.Count(warning => warning.Contains("lacks T1w", StringComparison.Ordinal)));
        string sidecar = File.ReadAllText(ofFile.Classes[0].Path.Replace(".nii.gz", ".json", StringComparison.Ordinal));
        Assert.Contains("\"MissingContrasts\": [", sidecar, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_of_no_known_contrast_is_an_error_of_its_own_and_the_rest_goes_on()
    {
        var observer = new Recorder();
        BidsImage image = phantom.Dataset.Images.First(i => i.Contrast == "T2w");
        string strange = phantom.File("patient_FLAIR.nii.gz");
        File.Copy(image.Path, strange, overwrite: true);
        Assert.Single(Run(phantom.Hemis, [new PredictionInput(strange, null), new PredictionInput(image.Path, image)], observer));
        Assert.Equal(("NoContrast", strange), (Assert.Single(observer.Errors).ErrorId, observer.Errors[0].TargetItem));
        SegException none = Assert.Throws<SegException>(() => Run(phantom.Hemis, [new PredictionInput(strange, null)], observer));
        Assert.Equal("NoImages", none.ErrorId);

        PredictionInput wrong = new(image.Path, image) { Contrasts = ["PDw"] };
        Assert.Empty(Run(phantom.Hemis, [wrong], observer));
        Assert.Equal("ContrastUnknown", observer.Errors[^1].ErrorId);
        PredictionInput many = new(image.Path, image) { OtherChannels = [new(image.Path, image), new(image.Path, image)] };
        Assert.Empty(Run(phantom.Hemis, [many], observer));
        Assert.Equal("NetworkInputShape", observer.Errors[^1].ErrorId);
    }

    [Fact]
    public void The_model_does_not_depend_on_workers_or_interruptions()
    {
        BidsDataset dataset = phantom.Without("sub-01", "T1w");
        string undisturbed = phantom.Train(Short, dataset: dataset, workers: 0).Sha256;
        Assert.Equal(undisturbed, phantom.Train(Short, dataset: dataset, workers: 3).Sha256);
        Assert.NotEqual(undisturbed, phantom.Train(config =>
        {
            Short(config);
            config.HemisUnet.MissingProbability = 0;
        }, dataset: dataset).Sha256);

        // Within the second epoch, the first in which contrasts are hidden, and again in the third.
        string folder = phantom.NewFolder();
        foreach (int batches in new[] { 4, 6 })
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => phantom.Train(Short, dataset: dataset, folder: folder, resume: batches > 4, ct: stop.Token, batchDone: position =>
            {
                if (position.Steps >= batches) stop.Cancel();
            }));
        }

        Assert.Equal(undisturbed, phantom.Train(Short, dataset: dataset, folder: folder, resume: true, workers: 2).Sha256);
    }

    [Fact]
    public void It_trains_on_patches_and_where_every_subject_lacks_a_contrast()
    {
        BidsDataset dataset = phantom.Dataset with
        {
            Images = [.. phantom.Dataset.Images.Where(image => (image.Contrast == "T1w") == string.CompareOrdinal(image.Subject, "sub-04") < 0)],
        };
        SegModel model = phantom.Train(
            config =>
            {
                Short(config);
                (config.DefaultModel.Length2D, config.DefaultModel.Stride2D) = ([16, 16], [16, 16]);
            },
            dataset: dataset);
        Assert.Equal(dataset.Images.Count, model.Split.Training.Count + model.Split.Validation.Count + model.Split.Test.Count);
        Assert.All(model.History, epoch => Assert.True(double.IsFinite(epoch.TrainingLoss)));
    }

    [Fact]
    public void Volumes_train_and_predict_without_a_contrast()
    {
        SegModel model = phantom.Train(
            config =>
            {
                Short(config);
                config.DefaultModel.Is2D = false;
                (config.DefaultModel.Length3D, config.DefaultModel.Stride3D) = ([16, 16, 3], [16, 16, 3]);
            },
            dataset: phantom.Without("sub-01", "T1w"));
        Assert.All(model.History, epoch => Assert.True(double.IsFinite(epoch.TrainingLoss)));
        Assert.All(phantom.Predict(model, "T2w"), prediction => Assert.Equal("T1w", Assert.Single(prediction.MissingContrasts)));
    }

    private static void Short(SegConfig config)
    {
        config.TrainingParameters.TrainingTime.NumEpochs = 3;
        config.DefaultModel.DropoutRate = 0.3;
        config.HemisUnet.MissingProbability = 0.5;
    }

    private List<SegPrediction> Run(SegModel model, IReadOnlyList<PredictionInput> inputs, Recorder observer) =>
        [.. Predictor.Run(new PredictionRequest(model, inputs, phantom.NewFolder(), "cpu", null, false), observer, default)];

    private static double Mean(IReadOnlyList<SegPrediction> predictions) => predictions.Average(prediction =>
    {
        SegPredictedClass found = Assert.Single(prediction.Classes);
        return SegEngine.Measure(
            new MetricsRequest(found.Path, found.ReferencePath!, prediction.ImageId, prediction.Subject, prediction.Contrast, found.Name), SilentObserver.Instance, default).Dice;
    });
}

/// <summary>Phantoms with two contrasts, and a HeMISUnet and a Unet of two channels that have learnt from them.</summary>
public sealed class HemisPhantom : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<SegModel> _hemis;
    private readonly Lazy<SegModel> _unet;
    private int _runs;

    public HemisPhantom()
    {
        string data = _folder.File("data");
        Phantom.Create(new PhantomRequest(data, 6, ["T1w", "T2w"], 3, [32, 32, 3]), SilentObserver.Instance, default);
        Dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
        _hemis = new(() => Train(config => config.TrainingParameters.TrainingTime.NumEpochs = 40));
        _unet = new(() => Train(config =>
        {
            config.TrainingParameters.TrainingTime.NumEpochs = 40;
            config.HemisUnet.Applied = false;
        }));
    }

    public BidsDataset Dataset { get; }

    public SegModel Hemis => _hemis.Value;

    public SegModel Unet => _unet.Value;

    public string File(string name) => _folder.File(name);

    public string NewFolder() => _folder.File("run" + Interlocked.Increment(ref _runs));

    /// <summary>The dataset without one image.</summary>
    public BidsDataset Without(string subject, string contrast) =>
        Dataset with { Images = [.. Dataset.Images.Where(image => image.Subject != subject || image.Contrast != contrast)] };

    internal SegModel Train(
        Action<SegConfig> change, BidsDataset? dataset = null, int workers = 1, string? folder = null, bool resume = false,
        Action<RunPosition>? batchDone = null, CancellationToken ct = default)
    {
        SegConfig config = PhantomRun.Config(c =>
        {
            c.LoaderParameters.TargetSuffix = ["_seg-cord"];
            c.LoaderParameters.Multichannel = true;
            c.LoaderParameters.ContrastParams.TrainingValidation = c.LoaderParameters.ContrastParams.Testing = ["T1w", "T2w"];
            c.HemisUnet = new() { Applied = true, Contrasts = ["T1w", "T2w"], MissingProbability = 0.3, MissingProbabilityGrowth = 0.9 };
            (c.DefaultModel.Depth, c.DefaultModel.NFilters) = (1, 8);
            c.DefaultModel.DropoutRate = 0;
            c.TrainingParameters.BatchSize = 4;
            c.TrainingParameters.Scheduler.InitialLr = 0.01;
            c.Transformation = [new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] }];
            change(c);
        });
        return Trainer.Run(
            new TrainingRequest(dataset ?? Dataset, config, folder ?? NewFolder(), "cpu", 4, resume), SegEngine.Catalog, SilentObserver.Instance,
            new TrainerOptions(workers, (position, _) => batchDone?.Invoke(position)), ct);
    }

    /// <summary>Predicts the test participants from some contrasts.</summary>
    public List<SegPrediction> Predict(SegModel model, params string[] contrasts)
    {
        BidsDataset some = Dataset with { Images = [.. Dataset.Images.Where(image => contrasts.Contains(image.Contrast))] };
        return Predict(model, SegEngine.SelectForPrediction(model, some, SegSplitPart.Test, SilentObserver.Instance, default));
    }

    /// <summary>Predicts the test participants from one contrast and an image of zeros for the other.</summary>
    public List<SegPrediction> PredictWithZeros(SegModel model, string contrast)
    {
        PredictionInput ZeroUnlessThere(PredictionInput channel)
        {
            if (channel.Image!.Contrast == contrast) return channel;
            string path = Path.Combine(NewFolder(), Path.GetFileName(channel.Path));
            Volume volume = ImageFile.Read(channel.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            NiftiFile.Write(path, new Volume(new float[volume.Voxels.Length], volume.Geometry), NiftiDataType.Float32);
            return new PredictionInput(path, channel.Image with { Path = path });
        }

        return Predict(model, [.. SegEngine.SelectForPrediction(model, Dataset, SegSplitPart.Test, SilentObserver.Instance, default)
            .Select(input => ZeroUnlessThere(input with { OtherChannels = [] }) with { OtherChannels = [.. input.OtherChannels.Select(ZeroUnlessThere)] })]);
    }

    public void Dispose() => _folder.Dispose();

    private List<SegPrediction> Predict(SegModel model, IReadOnlyList<PredictionInput> inputs)
    {
        List<SegPrediction> predictions = [.. SegEngine.Predict(new PredictionRequest(model, inputs, NewFolder(), "cpu", null, false), SilentObserver.Instance, default)];
        Assert.Equal(inputs.Count, predictions.Count);
        return predictions;
    }
}
