using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Inference.Classification;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Transforms;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Training.Classification;

/// <summary>A ResNet that was trained once on phantoms.</summary>
public sealed class TrainedClassifier : IDisposable
{
    public TrainedClassifier() => Model = Phantom.Train("run", SparsePhantom.Config());

    public SparsePhantom Phantom { get; } = new();

    public SegModel Model { get; }

    public void Dispose() => Phantom.Dispose();
}

/// <summary>From a dataset to a table: does a slice hold the cord?</summary>
[Collection(TorchGlobalState.Name)]
public class TrainedClassifierTests(TrainedClassifier trained) : IClassFixture<TrainedClassifier>
{
    /// <summary>Share of slices of new participants that are told right; always saying the same gives less than 0.6.</summary>
    private const double Floor = 0.85;

    private readonly Data.RecordingObserver _observer = new();

    [Fact]
    public void Slices_of_new_participants_are_classified_and_listed()
    {
        var slices = Classify(trained.Model, SegSplitPart.Test);
        Assert.Equal(12 * trained.Model.Split.Test.Count, slices.Count);
        double right = slices.Average(s => s.Classes[0].IsPresent == s.Classes[0].Reference ? 1.0 : 0.0);
        Assert.InRange(right, Floor, 1);
        Assert.InRange(slices.Average(s => s.Classes[0].Reference!.Value ? 1.0 : 0.0), 0.2, 0.6);
        Assert.Equal(slices.Count + 1, File.ReadAllLines(slices[0].OutputPath).Length);
        Assert.Empty(_observer.Errors);
    }

    [Fact]
    public void The_history_has_the_figures_of_classification()
    {
        SegEpoch best = trained.Model.History.Last(e => e.IsBest);
        Assert.InRange(best.Metrics!.AccuracyScore!.Value, Floor, 1);
        Assert.Equal(best.ValidationDice, best.Metrics.DiceScore);
        Assert.Null(best.Metrics.HausdorffScore);
    }

    [Fact]
    public void The_package_says_what_it_is_and_is_loaded_as_that()
    {
        var loaded = SegEngine.LoadModel(trained.Model.Path, _observer, default);
        Assert.Equal((SegTask.Classification, SegTask.Classification), (trained.Model.Task, loaded.Task));
        Assert.Contains("\"task\": \"classification\"", File.ReadAllText(Path.Combine(loaded.Path, "manifest.json")), StringComparison.Ordinal);
        Assert.Equal(Probabilities(trained.Model), Probabilities(loaded));
    }

    [Fact]
    public void Weights_and_ONNX_file_of_the_package_agree()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = NetworkRegistry.Create(trained.Model.Config, new NetworkShape(1, 1));
        Safetensors.LoadInto(ModelPackage.WeightsPath(trained.Model), network);
        network.eval();
        using var session = new OnnxSession(ModelPackage.OnnxPath(trained.Model));
        var image = Onnx.OnnxParityTests.Noise(4 * 24 * 24, 5);
        var output = new float[4];
        session.Run(image, 4, 1, 24, 24, output);
        var expected = Networks.GoldenWeights.ToArray(network.call(Networks.GoldenWeights.ToTensor(image, 4, 1, 24, 24)));
        Assert.InRange(Networks.GoldenWeights.LargestDifference(expected, output), 0, 1e-5f);
    }

    /// <summary>The network saw normalised slices; as a filter it is given them as they were read.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("phantom.onnx")]
    public void It_chooses_the_slices_of_another_training(string file)
    {
        var decisions = Classify(trained.Model, SegSplitPart.All).Where(s => s.Classes[0].IsPresent).Select(s => $"{s.ImagePath} {s.Slice}");
        var config = SparsePhantom.Config(c => c.LoaderParameters.SliceFilterParams = new()
        {
            FilterClassification = true, FilterEmptyInput = false, ClassifierPath = Path.Combine(trained.Model.Path, file),
        });
        using SliceClassifier classifier = SliceClassifier.Of(config, null)!;
        using var kept = SampleDataset.Load(
            [.. trained.Phantom.Dataset.Images.Select(SampleSource.Of)], config, DatasetParts.Training, _observer, default, new() { Classifier = classifier });
        Assert.Equal(decisions.Order(StringComparer.Ordinal), kept.Origins.Select(o => $"{o.Image.Path} {o.SliceIndex}").Order(StringComparer.Ordinal));
        Assert.Equal(trained.Model.Sha256, classifier.Sha256);
        Assert.Empty(_observer.Errors);
    }

    private List<SegClassification> Classify(SegModel model, SegSplitPart part) => [.. Classifier.Run(
        new PredictionRequest(model, PredictionSelector.Select(model, trained.Phantom.Dataset, part, _observer, default), trained.Phantom.File("out"), "cpu", null, false),
        _observer, default)];

    private IEnumerable<double> Probabilities(SegModel model) => Classify(model, SegSplitPart.All).Select(s => s.Classes[0].Probability);
}
