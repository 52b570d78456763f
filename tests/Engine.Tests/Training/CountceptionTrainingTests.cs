using MedSeg.Engine.Bids;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

/// <summary>Countception from a dataset to heat maps.</summary>
[Collection(TorchGlobalState.Name)]
public sealed class CountceptionTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>D-68: two targets, two maps. One image each trains, validates and is predicted: large kernels are slow.</summary>
    [Fact]
    public void It_is_trained_packaged_and_predicts_a_map_per_target()
    {
        string data = _folder.File("data");
        Phantom.Create(new PhantomRequest(data, 3, ["T2w"], 3, [16, 16, 1]), SilentObserver.Instance, default);
        BidsDataset dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
        SegConfig config = PhantomRun.Config(config =>
        {
            (config.SplitDataset.TrainFraction, config.SplitDataset.TestFraction) = (0.34, 0.33);
            config.Countception.Applied = true;
            config.LoaderParameters.SoftGt = true;
            config.TrainingParameters.TrainingTime.NumEpochs = 1;
            config.TrainingParameters.Scheduler.InitialLr = 0.001;
            config.TrainingParameters.Loss = new ComponentConfig("LossCombination", new Dictionary<string, object?>
            {
                ["losses_list"] = new object?[] { "AdapWingLoss", "L2loss" },
            });
            config.Transformation =
            [
                new TransformConfig("CenterCrop", new Dictionary<string, object?> { ["size"] = new object?[] { 12L, 12L } }),
                new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] },
            ];
        });
        var request = new TrainingRequest(dataset, config, _folder.File("run"), "cpu", 4, false);
        SegModel model = Trainer.Run(request, SegEngine.Catalog, SilentObserver.Instance, new TrainerOptions(1), default);
        Assert.Equal(SegTask.Segmentation, model.Task);
        Assert.True(double.IsFinite(model.History[0].TrainingLoss) && model.History[0].ValidationLoss is { } loss && double.IsFinite(loss));
        var observer = new Data.RecordingObserver();
        var inputs = PredictionSelector.Select(model, null, null, observer, default);
        SegPrediction prediction = Predictor.Run(new PredictionRequest(model, inputs, _folder.File("out"), "cpu", null, Soft: true), observer, default).First();
        Assert.Equal(["seg-cord", "seg-csf"], prediction.Classes.Select(c => c.Name));
        Assert.All(prediction.Classes, c =>
        {
            float[] map = ImageFile.Read(c.SoftPath!).Voxels;
            Assert.True(map.Max() > map.Min() && map.All(float.IsFinite));
        });
        Assert.Empty(observer.Errors);
    }
}
