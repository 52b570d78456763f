using System.Text.Json;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Packaging.Ensembles;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Inference.Ensembles;

public sealed class EnsemblePredictionTests : IDisposable
{
    private static readonly double[] Tilted = [-2, 0, 0, 10, 0, 0, 3, 5, 0, -1.5, 0, 7, 0, 0, 0, 1];

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingObserver _observer = new();

    private string Output => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Probabilities_are_the_mean_of_the_members()
    {
        var ensemble = Ensemble(1, 0.5f, 0.9f);
        var image = Image("sub-1");
        var prediction = Assert.Single(Predict(ensemble, new PredictionInput(image, null)));
        var source = ImageFile.Read(image);
        var mean = source.Voxels.Select(v => (float)(((double)v + (v * 0.5f) + (v * 0.9f)) / 3)).ToArray();
        var found = ImageFile.Read(prediction.Classes[0].SoftPath!);
        Assert.Equal(mean, found.Voxels);
        Assert.Equal(source.Geometry.Affine, found.Geometry.Affine);
        Assert.Equal(mean.Select(v => v >= 0.5f ? 1f : 0f), ImageFile.Read(prediction.Classes[0].Path).Voxels);
        Assert.Equal((ensemble.Name, ensemble.Path), (prediction.ModelName, prediction.ModelPath));
    }

    [Fact]
    public void Equal_members_give_exactly_what_one_of_them_gives()
    {
        var image = Image("sub-1");
        Assert.Equal(Soft(Predict(Ensemble(0.7f), new PredictionInput(image, null))), Soft(Predict(Ensemble(0.7f, 0.7f, 0.7f), new PredictionInput(image, null))));
    }

    [Fact]
    public void The_sidecar_names_every_member()
    {
        var ensemble = Ensemble(1, 0.5f);
        var prediction = Assert.Single(Predict(ensemble, new PredictionInput(Image("sub-1"), null)));
        using var sidecar = JsonDocument.Parse(File.ReadAllText(prediction.Classes[0].Path.Replace(".nii.gz", ".json", StringComparison.Ordinal)));
        var model = sidecar.RootElement.GetProperty("Model");
        Assert.Equal(ensemble.Sha256, model.GetProperty("Sha256").GetString());
        Assert.Equal(
            [("m0/copy", ensemble.Members[0].Sha256), ("m1/copy", ensemble.Members[1].Sha256)],
            model.GetProperty("Members").EnumerateArray().Select(m => (m.GetProperty("Name").GetString()!, m.GetProperty("Sha256").GetString()!)));
    }

    [Fact]
    public void An_input_can_be_for_some_members_only_and_takes_their_threshold()
    {
        var ensemble = Ensemble(1, 0.5f);
        ensemble = EnsembleModel.Of(ensemble.Path, [ensemble.Members[0], ensemble.Members[1] with { Threshold = 0.25 }]);
        PredictionInput[] inputs =
        [
            new(Image("sub-1"), null) { Members = [1] }, new(Image("sub-2"), null), new(Image("sub-3"), null) { Members = [1] },
        ];
        var predictions = Predict(ensemble, inputs).ToDictionary(p => p.Subject!);
        Assert.Equal((0.25, 0.375, 0.25), (predictions["sub-1"].Threshold, predictions["sub-2"].Threshold, predictions["sub-3"].Threshold));
        Assert.Equal((ensemble.Members[1].Path, ensemble.Path), (predictions["sub-3"].ModelPath, predictions["sub-2"].ModelPath));
        var source = ImageFile.Read(inputs[0].Path).Voxels;
        Assert.Equal(source.Select(v => v * 0.5f), ImageFile.Read(predictions["sub-1"].Classes[0].SoftPath!).Voxels);
        Assert.Equal(source.Select(v => (float)(((double)v + (v * 0.5f)) / 2)), ImageFile.Read(predictions["sub-2"].Classes[0].SoftPath!).Voxels);
        Assert.True(_observer.Records[^1].Completed);
        Assert.Equal(100, _observer.Records.Max(r => r.Percent));
    }

    [Fact]
    public void A_member_that_is_not_there_is_an_error()
    {
        var input = new PredictionInput(Image("sub-1"), null) { Members = [2] };
        Assert.Equal("MemberUnknown", Assert.Throws<SegException>(() => Predict(Ensemble(1, 0.5f), input)).ErrorId);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void A_changed_file_of_any_member_is_refused()
    {
        var ensemble = Ensemble(1, 0.5f);
        File.AppendAllText(Path.Combine(ensemble.Members[1].Path, "copy.onnx"), " ");
        var error = Assert.Throws<SegException>(() => Predict(ensemble, new PredictionInput(Image("sub-1"), null)));
        Assert.Equal("ModelDamaged", error.ErrorId);
        Assert.Contains("m1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_disagree_are_refused_with_what_differs()
    {
        var first = CopyModel.Create(_folder.File("m0", "copy"), ["_a"]);
        foreach (var (other, what) in new[]
        {
            (first with { Classes = ["b"] }, "classes"),
            (first with { Contrasts = ["T1w", "T2w"] }, "channels"),
            (first with { Name = "other" }, "names"),
            (first with { Split = first.Split with { Method = "session_id" } }, "units"),
            (first with { Task = SegTask.Classification }, "tasks"),
            (With(first, c => c.LoaderParameters.SliceAxis = "sagittal"), "slice axes"),
            (With(first, c => c.DefaultModel.Is2D = false), "dimensions"),
        })
        {
            var error = Assert.Throws<SegException>(() => EnsembleModel.Of(_folder.Path, [first, other]));
            Assert.Equal("EnsembleMismatch", error.ErrorId);
            Assert.Contains($"their {what}", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Test_images_are_for_the_members_that_have_not_seen_them()
    {
        var ensemble = OfFolds();
        var inputs = PredictionSelector.Select(ensemble, FakeDataset.Of(5), null, _observer, default);
        Assert.Equal("sub-00:0 sub-01:1 sub-02:0,1", Described(inputs));
        Assert.Equal("sub-00:1 sub-01:0 sub-03:0,1", Described(PredictionSelector.Select(ensemble, FakeDataset.Of(5), SegSplitPart.Training, _observer, default)));
        Assert.Equal("sub-04:0,1", Described(PredictionSelector.Select(ensemble, FakeDataset.Of(5), SegSplitPart.Validation, _observer, default)));
        Assert.Empty(_observer.Warnings);
    }

    [Fact]
    public void All_images_are_for_all_members_with_a_warning()
    {
        var inputs = PredictionSelector.Select(OfFolds(), FakeDataset.Of(5), SegSplitPart.All, _observer, default);
        Assert.All(inputs, input => Assert.Null(input.Members));
        Assert.Contains("4 of 5", Assert.Single(_observer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void As_a_whole_an_ensemble_has_seen_what_any_member_has()
    {
        var split = OfFolds().Split;
        Assert.Equal(["sub-00", "sub-01", "sub-03"], split.Training);
        Assert.Equal(["sub-04"], split.Validation);
        Assert.Equal(["sub-02"], split.Test);
    }

    /// <summary>Two folds; sub-02 is kept out of both.</summary>
    private static SegModel OfFolds()
    {
        var first = CopyModel.Wrap("m", "/models/f1/m", FakeDataset.Config(), "") with { DatasetRoots = ["/data/"] };
        return EnsembleModel.Of("/models",
        [
            first with { Split = new SegSplit("participant_id", 0, ["sub-01", "sub-03"], ["sub-04"], ["sub-00", "sub-02"]) },
            first with { Split = new SegSplit("participant_id", 0, ["sub-00", "sub-03"], ["sub-04"], ["sub-01", "sub-02"]) },
        ]);
    }

    private static string Described(IEnumerable<PredictionInput> inputs) =>
        string.Join(' ', inputs.Select(input => $"{input.Image!.Subject}:{string.Join(',', input.Members!)}"));

    private static SegModel With(SegModel model, Action<SegConfig> change)
    {
        var config = new SegConfig { ModelName = model.Name, LoaderParameters = { TargetSuffix = model.Config.LoaderParameters.TargetSuffix } };
        change(config);
        return model with { Config = config };
    }

    private static float[] Soft(IEnumerable<SegPrediction> predictions) => ImageFile.Read(predictions.Single().Classes[0].SoftPath!).Voxels;

    private SegModel Ensemble(params float[] factors) => EnsembleModel.Of(
        _folder.Path, [.. factors.Select((factor, i) => CopyModel.Create(_folder.File($"m{i}", "copy"), ["_a"], factor: factor))]);

    private string Image(string subject)
    {
        var path = _folder.File($"{subject}_T2w.nii.gz");
        NiftiFile.Write(path, DatasetOnDisk.Make(new VolumeGeometry(6, 5, 4, Tilted), (x, y, z) => ((z * 30) + (y * 6) + x) / 119f), NiftiDataType.Float32);
        return path;
    }

    private List<SegPrediction> Predict(SegModel model, params PredictionInput[] inputs)
    {
        List<SegPrediction> predictions = [.. Predictor.Run(new PredictionRequest(model, inputs, Output, "cpu", null, true), _observer, default)];
        Assert.Empty(_observer.Errors);
        return predictions;
    }
}
