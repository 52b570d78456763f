using System.Globalization;
using MedSeg.Engine.Data.Film;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Training;
using MedSeg.Engine.Training.Modulation;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

/// <summary>
/// Networks with FiLM from a dataset to predictions. The images of two contrasts are alike, bright discs on a dark ground, and their labels
/// are opposite: only who knows the contrast can be right.
/// </summary>
[Collection(TorchGlobalState.Name)]
public sealed class FilmTrainingTests : IDisposable
{
    private const string Suffix = "_seg-region";

    private readonly DatasetOnDisk _disk = new();
    private readonly Data.RecordingObserver _observer = new();
    private int _runs;

    public FilmTrainingTests()
    {
        for (var i = 0; i < 6; i++)
        {
            var (y0, x0) = (5 + (i % 3), 6 + (i % 2));
            bool Inside(int x, int y) => ((x - x0) * (x - x0)) + ((y - y0) * (y - y0)) <= 23;
            foreach (var contrast in new[] { "T1w", "T2w" })
            {
                _disk.AddContrast(
                    $"sub-{i:00}", contrast, VolumeGeometry.Axial(12, 12, 4, 1, 1, 1), (x, y, z) => (Inside(x, y) ? 2 : 0) + (0.1f * z),
                    (Suffix, (x, y, _) => Inside(x, y) == (contrast == "T1w") ? 1 : 0));
            }
        }
    }

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void Metadata_decide_what_images_cannot()
    {
        var plain = Train(config => config.FilmedUnet.Applied = false);
        var model = Train();
        Assert.True(plain.BestValidationLoss > 0.6, $"{plain.BestValidationLoss}");
        Assert.True(model.BestValidationLoss < 0.3, $"{model.BestValidationLoss}");
        Assert.Equal(("contrasts", 2), (model.Film!.Metadata, model.Film.Width));
        var loaded = ModelPackage.Load(model.Path, SegEngine.Catalog, warning => Assert.Fail(warning));
        Assert.Equal(model.Film.ToString(), loaded.Film!.ToString());

        // Of a dataset's image the contrast counts, of a bare file its name, and what is given over both.
        var image = _disk.Images[0];
        Assert.InRange(DiceOf(Predict(loaded, new(image.Path, image)), image), 0.95, 1);
        Assert.InRange(DiceOf(Predict(loaded, new(_disk.Images[1].Path, null)), _disk.Images[1]), 0.95, 1);
        var other = Predict(loaded, new(image.Path, image), new() { [""] = "T2w" });
        Assert.InRange(DiceOf(other, image), 0, 0.05);
        Assert.Equal(other.Voxels, Predict(loaded, new(image.Path, image with { Contrast = "T2w", Suffix = "T2w" })).Voxels);
        Assert.Empty(_observer.Warnings);
        Assert.Empty(_observer.Errors);
    }

    [Fact]
    public void Unknown_categories_are_predicted_without_and_missing_ones_are_errors()
    {
        var model = Train(config => config.TrainingParameters.TrainingTime.NumEpochs = 1);
        var image = _disk.Images[0];
        Predict(model, new(image.Path, image with { Contrast = "acq-x_T2star", Suffix = "T2star" }));
        Assert.Contains("contrast 'acq-x_T2star', with which the model was not trained", Assert.Single(_observer.Warnings), StringComparison.Ordinal);

        var bare = System.IO.Path.Combine(_disk.Path, "scan.nii.gz");
        File.Copy(image.Path, bare);
        Assert.Empty(Predictions(model, new(bare, null)));
        var error = Assert.Single(_observer.Errors);
        Assert.Equal(("FilmValueMissing", bare), (error.ErrorId, error.TargetItem));
        Assert.Contains("T1w, T2w", error.Recommendation, StringComparison.Ordinal);
        var named = System.IO.Path.Combine(_disk.Path, "patient1_T1w.nii.gz");
        File.Copy(image.Path, named);
        Assert.Single(Predictions(model, new(named, null)));

        var wrong = Assert.Throws<SegException>(() => Predictions(model, new(bare, null), new() { [""] = "T3w" }));
        Assert.Equal("FilmCategoryUnknown", wrong.ErrorId);
        Assert.Contains("T1w, T2w", wrong.Recommendation, StringComparison.Ordinal);
        Assert.Equal("FilmMetadataName", Assert.Throws<SegException>(() => Predictions(model, new(bare, null), new() { ["EchoTime"] = "1" })).ErrorId);
        var plain = Train(config => (config.FilmedUnet.Applied, config.TrainingParameters.TrainingTime.NumEpochs) = (false, 1));
        Assert.Equal("FilmMetadataUnused", Assert.Throws<SegException>(() => Predictions(plain, new(bare, null), new() { [""] = "T1w" })).ErrorId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Stopped_and_resumed_gives_the_same_bits(int batches)
    {
        void Short(SegConfig config) => (config.DefaultModel.DropoutRate, config.TrainingParameters.TrainingTime.NumEpochs) = (0.3, 2);
        var straight = Train(Short);
        var folder = NewFolder();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Train(Short, folder, position =>
        {
            if (position.Steps >= batches)
                stop.Cancel();
        }, ct: stop.Token));
        Assert.Equal(straight.Sha256, Train(Short, folder, resume: true).Sha256);
        Assert.Equal(Sha256.OfFile(ModelPackage.WeightsPath(straight)), Sha256.OfFile(ModelPackage.WeightsPath(straight with { Path = System.IO.Path.Combine(folder, "film") })));
    }

    [Fact]
    public void A_resumed_run_notices_other_categories_and_other_values()
    {
        void ByColumn(SegConfig config) => (config.FilmedUnet.Metadata, config.TrainingParameters.TrainingTime.NumEpochs) = ("site", 2);
        var folder = NewFolder();
        using var stop = new CancellationTokenSource();
        Columns(i => i % 2 == 0 ? "a" : "b");
        Assert.ThrowsAny<OperationCanceledException>(() => Train(ByColumn, folder, _ => stop.Cancel(), ct: stop.Token));
        Columns(i => i % 2 == 0 ? "a" : "c");
        var error = Assert.Throws<SegException>(() => Train(ByColumn, folder, resume: true));
        Assert.Contains("FiLMedUnet.learnt.parts[0].categories[1]: \"b\" → \"c\"", error.Message, StringComparison.Ordinal);
        Columns(i => i % 2 == 0 ? "b" : "a");
        Assert.Contains("FiLMedUnet.learnt.images", Assert.Throws<SegException>(() => Train(ByColumn, folder, resume: true)).Message, StringComparison.Ordinal);
        Columns(i => i % 2 == 0 ? "a" : "b");
        Assert.Equal(2, Train(ByColumn, folder, resume: true).Film!.Width);
    }

    [Fact]
    public void Scanner_settings_come_from_sidecars_files_or_the_caller()
    {
        for (var i = 0; i < _disk.Images.Count; i++)
        {
            _disk.Images[i] = _disk.Images[i] with
            {
                Metadata = new Dictionary<string, object?>
                {
                    ["FlipAngle"] = i % 2 == 0 ? 15.0 : 90.0, ["RepetitionTime"] = 2.5, ["EchoTime"] = 0.01 * (1 + (i % 2)), ["Manufacturer"] = "Siemens",
                },
            };
        }

        var model = Train(config => (config.FilmedUnet.Metadata, config.TrainingParameters.TrainingTime.NumEpochs) = ("mri_params", 2));
        Assert.Equal([2, 1, 2, 1], model.Film!.Parts.Select(part => part.Categories.Count));
        var image = _disk.Images[1];
        var expected = Predict(model, new(image.Path, image)).Voxels;
        var bare = System.IO.Path.Combine(_disk.Path, "scan.nii.gz");
        File.Copy(image.Path, bare);
        var sidecar = bare.Replace(".nii.gz", ".json", StringComparison.Ordinal);
        File.WriteAllText(sidecar, """{"FlipAngle": 90, "RepetitionTime": 2.5, "EchoTime": "0.02, 0.02"}""");
        Assert.Empty(Predictions(model, new(bare, null)));
        Assert.Contains("no usable Manufacturer", Assert.Single(_observer.Errors).Message, StringComparison.Ordinal);
        Assert.Equal(expected, Predict(model, new(bare, null), new() { ["manufacturer"] = "SIEMENS" }).Voxels);
        Assert.NotEqual(expected, Predict(model, new(bare, null), new() { ["Manufacturer"] = "Siemens", ["FlipAngle"] = "20" }).Voxels);

        // A damaged sidecar is an error, unless everything is given by hand, as the error says.
        File.WriteAllText(sidecar, "{");
        Assert.Empty(Predictions(model, new(bare, null)));
        Assert.Equal(sidecar, _observer.Errors[^1].TargetItem);
        Dictionary<string, string> all = new() { ["FlipAngle"] = "90", ["RepetitionTime"] = "2.5", ["EchoTime"] = "0.02", ["Manufacturer"] = "Siemens" };
        Assert.Equal(expected, Predict(model, new(bare, null), all).Voxels);
    }

    /// <summary>Weights in the package, put into a network of the configuration, give what the ONNX file gives.</summary>
    [Fact]
    public void The_packaged_file_equals_the_network()
    {
        var model = Train(config => config.TrainingParameters.TrainingTime.NumEpochs = 2);
        using var scope = torch.NewDisposeScope();
        using var guard = torch.no_grad();
        using var network = NetworkRegistry.Create(model.Config, new NetworkShape(1, 1, model.Film!.Width));
        Safetensors.LoadInto(ModelPackage.WeightsPath(model), network);
        network.eval();
        var input = Enumerable.Range(0, 2 * 144).Select(i => (float)Math.Sin(i)).ToArray();
        var expected = network.forward(new NetworkInputs(torch.tensor(input).reshape(2, 1, 12, 12), torch.tensor(new float[] { 1, 0, 0, 1 }).reshape(2, 2)));
        using var session = new OnnxSession(ModelPackage.OnnxPath(model));
        var actual = new float[input.Length];
        session.Run(input, [2, 1, 12, 12], actual, metadata: [1, 0, 0, 1]);
        Assert.All(expected.data<float>().ToArray().Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Contains("T2w", session.Metadata["film"], StringComparison.Ordinal);
    }

    [Fact]
    public void Categories_stay_in_their_cells()
    {
        using var network = new Unet(new UnetOptions(1, 1, 1, 2, Film: new FilmOptions(2, [false, false, false, false])), seed: 3);
        var sources = new FilmSources([], [[0, 1], [1, 0]]);
        var folder = System.IO.Path.Combine(_disk.Path, "cells");
        FilmParameterFiles.Write(folder, network, [0, 0, 0, 0], new FilmPlan(new SegFilm("site", [new("site", ["a\tb", "c\nd"])]), sources, sources));
        Assert.Equal("site\na b\nc d\n", File.ReadAllText(System.IO.Path.Combine(folder, "metadata_values.tsv")));
    }

    [Fact]
    public void A_debugged_training_leaves_the_parameters_of_its_packaged_weights()
    {
        var model = Train(config =>
        {
            config.Debugging = true;
            config.TrainingParameters.TrainingTime.NumEpochs = 2;
        });
        var written = System.IO.Path.Combine(model.RunPath!, "film_parameters");
        Assert.Equal("contrast\nT1w\nT2w\n", File.ReadAllText(System.IO.Path.Combine(written, "metadata_values.tsv")));
        Assert.True(File.Exists(System.IO.Path.Combine(written, "gamma_layer_2.npy")));

        using var network = NetworkRegistry.Create(model.Config, new NetworkShape(1, 1, model.Film!.Width));
        Safetensors.LoadInto(ModelPackage.WeightsPath(model), network);
        var sources = new FilmSources([], [[1, 0], [0, 1]]);
        var expected = System.IO.Path.Combine(_disk.Path, "expected");
        FilmParameterFiles.Write(expected, network, model.Config.FilmedUnet.FilmLayers, new FilmPlan(model.Film, sources, sources));
        Assert.All(Directory.GetFiles(expected), file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(System.IO.Path.Combine(written, System.IO.Path.GetFileName(file)))));
        Assert.Equal(Directory.GetFiles(expected).Length, Directory.GetFiles(written).Length);
    }

    [Theory]
    [InlineData("Unet")]
    [InlineData("Modified3DUNet")]
    public void Networks_of_volumes_are_modulated_too(string name)
    {
        var model = Train(config =>
        {
            config.TrainingParameters.TrainingTime.NumEpochs = 2;
            config.DefaultModel.Is2D = false;
            config.DefaultModel.NFilters = 2;
            if (name == "Unet")
                return;
            config.Modified3DUnet = new() { Applied = true, NFilters = 2, Length3D = [32, 16, 16], Stride3D = [32, 16, 16] };
            config.FilmedUnet.FilmLayers = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0];
            config.Transformation =
            [
                new TransformConfig("CenterCrop", new Dictionary<string, object?> { ["size"] = new object?[] { 32L, 16L, 16L } }),
                new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] },
            ];
        });
        Assert.Equal(2, model.Film!.Width);
        var image = _disk.Images[0];
        var first = Predict(model, new(image.Path, image)).Voxels;
        Assert.Equal(first, Predict(model, new(image.Path, image), new() { ["contrast"] = "T1w" }).Voxels);
        Assert.NotEqual(first, Predict(model, new(image.Path, image), new() { [""] = "T2w" }).Voxels);
        Assert.Empty(_observer.Errors);
    }

    [Theory]
    [InlineData("\"categories\": [\n        \"T1w\",", "\"categories\": [\n        \"T9w\",", "SHA-256")]
    [InlineData(null, "{", "damaged")]
    public void A_changed_file_of_categories_is_refused(string? from, string to, string said)
    {
        var model = Train(config => config.TrainingParameters.TrainingTime.NumEpochs = 1);
        var file = System.IO.Path.Combine(model.Path, "film.film.json");
        var text = File.ReadAllText(file);
        File.WriteAllText(file, from is null ? to : text.Replace(from, to, StringComparison.Ordinal));
        Assert.NotEqual(text, File.ReadAllText(file));
        Assert.Contains(said, Assert.Throws<SegException>(() => ModelPackage.Load(model.Path, SegEngine.Catalog, _ => { })).Message, StringComparison.Ordinal);
    }

    private void Columns(Func<int, string> site)
    {
        for (var i = 0; i < _disk.Images.Count; i++)
            _disk.Images[i] = _disk.Images[i] with { Columns = new Dictionary<string, string?> { ["site"] = site(i) } };
    }

    private string NewFolder() => System.IO.Path.Combine(_disk.Path, string.Create(CultureInfo.InvariantCulture, $"run{_runs++}"));

    private SegModel Train(
        Action<SegConfig>? change = null, string? folder = null, Action<RunPosition>? batchDone = null, bool resume = false, CancellationToken ct = default)
    {
        var config = new SegConfig
        {
            ModelName = "film",
            LoaderParameters = { TargetSuffix = [Suffix] },
            DefaultModel = { Depth = 1, NFilters = 8, DropoutRate = 0 },
            FilmedUnet = { Applied = true, FilmLayers = [0, 1, 1, 0] },
            SplitDataset = { TrainFraction = 0.6, TestFraction = 0 },
            TrainingParameters = { BatchSize = 4, Loss = new ComponentConfig("BinaryCrossEntropyLoss") },
            Transformation = [new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] }],
        };
        config.TrainingParameters.TrainingTime.NumEpochs = 40;
        config.TrainingParameters.Scheduler.InitialLr = 0.02;
        change?.Invoke(config);
        return Trainer.Run(
            new TrainingRequest(FakeDataset.Of(_disk.Images) with { Roots = [_disk.Path] }, config, folder ?? NewFolder(), "cpu", 4, resume), SegEngine.Catalog,
            SilentObserver.Instance, new TrainerOptions(1, (position, _) => batchDone?.Invoke(position)), ct);
    }

    private List<SegPrediction> Predictions(SegModel model, PredictionInput input, Dictionary<string, string>? metadata = null) => [.. Predictor.Run(
        new PredictionRequest(model, [input], System.IO.Path.Combine(_disk.Path, $"out{_runs++}"), "cpu", null, true) { Metadata = metadata }, _observer, default)];

    private Volume Predict(SegModel model, PredictionInput input, Dictionary<string, string>? metadata = null) =>
        ImageFile.Read(Assert.Single(Assert.Single(Predictions(model, input, metadata)).Classes).SoftPath!);

    private static double DiceOf(Volume soft, BidsImage image)
    {
        var label = ImageFile.Read(image.Labels[Suffix]).Voxels;
        return 2.0 * label.Zip(soft.Voxels).Count(pair => pair is { First: > 0, Second: >= 0.5f }) / (label.Count(v => v > 0) + soft.Voxels.Count(v => v >= 0.5f));
    }
}
