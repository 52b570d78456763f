using MedSeg.Engine.Bids;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Inference.Classification;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training.Classification;

/// <summary>Two contrasts as channels, two classes, patches, mixtures of samples: what the reference's classifiers can't do.</summary>
[Collection(TorchGlobalState.Name)]
public sealed class ManyClassesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BidsDataset _dataset;

    public ManyClassesTests()
    {
        string data = _folder.File("data");
        Phantom.Create(new PhantomRequest(data, 4, ["T1w", "T2w"], 3, [24, 24, 2]), SilentObserver.Instance, default);
        _dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_training_that_is_interrupted_gives_the_same_weights_and_the_model_answers_for_each_class()
    {
        SegModel straight = Train("straight");
        using (var stop = new CancellationTokenSource())
            Assert.ThrowsAny<OperationCanceledException>(() => Train("stopped", batchDone: (_, _) => stop.Cancel(), ct: stop.Token));
        SegModel resumed = Train("stopped", resume: true);
        Assert.Equal(Sha256.OfFile(ModelPackage.WeightsPath(straight)), Sha256.OfFile(ModelPackage.WeightsPath(resumed)));

        var observer = new Data.RecordingObserver();
        var inputs = PredictionSelector.Select(resumed, _dataset, SegSplitPart.Test, observer, default);
        SegClassification[] slices = [.. Classifier.Run(new PredictionRequest(resumed, inputs, _folder.File("out"), "cpu", null, false), observer, default)];
        Assert.Equal(2, slices.Length);
        Assert.All(slices, s => Assert.Equal(("T1w+T2w", 2, 2), (s.Contrast, s.ChannelPaths.Count, s.Classes.Count)));
        Assert.All(slices.SelectMany(s => s.Classes), c => Assert.InRange(c.Probability, 0, 1));
        Assert.Empty(observer.Errors);
    }

    private SegModel Train(string folder, bool resume = false, Action<RunPosition, double>? batchDone = null, CancellationToken ct = default)
    {
        SegConfig config = SparsePhantom.Config(c =>
        {
            c.LoaderParameters.TargetSuffix = ["_seg-cord", "_seg-csf"];
            c.LoaderParameters.Multichannel = true;
            c.LoaderParameters.ContrastParams.TrainingValidation = ["T1w", "T2w"];
            c.LoaderParameters.ContrastParams.Testing = ["T1w", "T2w"];
            (c.DefaultModel.Length2D, c.DefaultModel.Stride2D) = ([16, 16], [8, 8]);
            (c.SplitDataset.TrainFraction, c.SplitDataset.TestFraction) = (0.5, 0.25);
            c.TrainingParameters.MixupAlpha = 2;
            c.TrainingParameters.TrainingTime.NumEpochs = 1;
        });
        return Trainer.Run(
            new TrainingRequest(_dataset, config, _folder.File(folder), "cpu", 4, resume), SegEngine.Catalog, SilentObserver.Instance,
            new TrainerOptions(1, batchDone), ct);
    }
}
