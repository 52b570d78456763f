using MedSeg.Engine.Bids;
using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

/// <summary>Five small phantoms as volumes.</summary>
public sealed class VolumePhantom : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _runs;

    public VolumePhantom()
    {
        string data = _folder.File("data");
        Phantom.Create(new PhantomRequest(data, 5, ["T2w"], 3, [32, 32, 20]), SilentObserver.Instance, default);
        Dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
    }

    public BidsDataset Dataset { get; }

    public string NewFolder() => _folder.File("run" + Interlocked.Increment(ref _runs));

    /// <summary>Patches with dropout and augmentation, of the network that is asked for.</summary>
    public static SegConfig Config(string network, Action<SegConfig>? change = null)
    {
        SegConfig config = PhantomRun.Config(c =>
        {
            c.LoaderParameters.TargetSuffix = ["_seg-cord"];
            c.TrainingParameters.TrainingTime.NumEpochs = 2;
            c.TrainingParameters.BatchSize = 2;
            c.DefaultModel.NFilters = 2;
            c.Transformation =
            [
                new TransformConfig("CenterCrop", new Dictionary<string, object?> { ["size"] = new object?[] { 32L, 32L, 16L } }),
                new TransformConfig("RandomAffine", new Dictionary<string, object?> { ["degrees"] = 10.0 }) { DatasetType = ["training"] },
                new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] },
            ];
        });
        if (network == "Unet")
        {
            config.DefaultModel.Is2D = false;
            (config.DefaultModel.Length3D, config.DefaultModel.Stride3D) = ([24, 16, 8], [8, 16, 8]);
        }
        else if (network == "volumes")
        {
            config.DefaultModel.Is2D = false;
        }
        else
        {
            config.Modified3DUnet = new() { Applied = true, NFilters = 1, Attention = network == "attention", Length3D = [32, 16, 16], Stride3D = [32, 16, 16] };
        }

        if (network == "film")
            config.FilmedUnet = new() { Applied = true, Metadata = "contrasts", FilmLayers = [1, 0, 0, 1, 0, 0, 0, 0, 1, 0] };
        change?.Invoke(config);
        return config;
    }

    internal SegModel Train(SegConfig config, string? folder = null, int workers = 1, bool resume = false, int? stopAfter = null)
    {
        using var stop = new CancellationTokenSource();
        return Trainer.Run(
            new TrainingRequest(Dataset, config, folder ?? NewFolder(), "cpu", 4, resume), SegEngine.Catalog, SilentObserver.Instance,
            new TrainerOptions(workers, (position, _) =>
            {
                if (position.Steps >= stopAfter) stop.Cancel();
            }), stop.Token);
    }

    public List<SegPrediction> Predict(SegModel model, bool whole = false, int[]? overlap = null)
    {
        IReadOnlyList<PredictionInput> inputs = SegEngine.SelectForPrediction(model, null, SegSplitPart.Test, SilentObserver.Instance, default);
        var observer = new RecordingObserver();
        var request = new PredictionRequest(model, inputs, NewFolder(), "cpu", null, true) { WholeSlices = whole, PatchOverlap = overlap };
        List<SegPrediction> predictions = [.. SegEngine.Predict(request, observer, default)];
        Assert.Equal(inputs.Count, predictions.Count);
        return predictions;
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>Networks of three dimensions from a dataset to a packaged model, and with it to predictions.</summary>
[Collection(TorchGlobalState.Name)]
public sealed class VolumeTrainingTests(VolumePhantom phantom) : IClassFixture<VolumePhantom>
{
    public static TheoryData<string> Networks { get; } = ["Unet", "volumes", "Modified3DUNet", "attention", "film"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_stopped_run_goes_on_bit_by_bit_with_any_number_of_workers(string network)
    {
        SegModel whole = phantom.Train(VolumePhantom.Config(network), workers: 0);
        Assert.Equal(2, whole.History.Count);
        Assert.All(whole.History, epoch => Assert.True(double.IsFinite(epoch.TrainingLoss) && epoch.ValidationLoss is { } loss && double.IsFinite(loss)));

        string folder = phantom.NewFolder();
        Assert.ThrowsAny<OperationCanceledException>(() => phantom.Train(VolumePhantom.Config(network), folder, workers: 3, stopAfter: 1));
        Assert.Equal(whole.Sha256, phantom.Train(VolumePhantom.Config(network), folder, workers: 2, resume: true).Sha256);
    }

    /// <summary>The same image, once through ONNX Runtime and once through the TorchSharp network with the packaged weights.</summary>
    [Theory]
    [InlineData("volumes")]
    [InlineData("attention")]
    public void A_packaged_model_predicts_what_its_network_gives(string network)
    {
        SegConfig config = VolumePhantom.Config(network, c => c.Transformation = [new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] }]);
        if (network == "attention")
            (config.Modified3DUnet.Length3D, config.Modified3DUnet.Stride3D) = ([32, 32, 16], [32, 32, 16]);
        config.TrainingParameters.TrainingTime.NumEpochs = 1;
        SegModel model = phantom.Train(config);
        SegPrediction prediction = phantom.Predict(model)[0];
        float[] found = ImageFile.Read(prediction.Classes[0].SoftPath!).Voxels;

        using SegNetwork torchNetwork = NetworkRegistry.Create(config, new NetworkShape(1, 1));
        Safetensors.LoadInto(ModelPackage.WeightsPath(model), torchNetwork);
        torchNetwork.eval();
        float[] expected = Forward(torchNetwork, config, ImageFile.Read(prediction.ImagePath));
        Assert.Equal(expected.Length, found.Length);
        Assert.True(found.Max() - found.Min() > 0.01, "The answers of the network are all alike.");
        for (int i = 0; i < found.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-4);
    }

    [Fact]
    public void A_volume_network_with_FiLM_predicts_with_what_it_was_modulated_by()
    {
        SegModel model = phantom.Train(VolumePhantom.Config("film"));
        SegPrediction prediction = phantom.Predict(model, overlap: [0, 0, 8])[0];
        Assert.True(ImageFile.Read(prediction.Classes[0].SoftPath!).Voxels.All(p => p is >= 0 and <= 1));
    }

    [Fact]
    public void Every_loss_trains_volumes()
    {
        foreach (string loss in LossRegistry.Specs.Where(spec => spec.Supported && spec.Name != "LossCombination").Select(spec => spec.Name))
        {
            SegModel model = phantom.Train(VolumePhantom.Config("Unet", c =>
            {
                c.DefaultModel.Depth = 1;
                c.TrainingParameters.Loss = new ComponentConfig(loss);
                c.TrainingParameters.TrainingTime.NumEpochs = 1;
            }));
            Assert.True(double.IsFinite(model.History[0].TrainingLoss) && double.IsFinite(model.History[0].ValidationLoss!.Value), loss);
        }
    }

    /// <summary>A whole volume whose size only the images tell.</summary>
    [Fact]
    public void A_volume_that_the_network_cannot_take_ends_the_training_with_its_size()
    {
        SegException error = Assert.Throws<SegException>(() => phantom.Train(VolumePhantom.Config("volumes", c =>
        {
            c.DefaultModel.Depth = 5;
            c.Transformation = [new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] }];
        })));
        Assert.Equal("NetworkInputShape", error.ErrorId);
        Assert.Contains("at least 32×32×32 voxels, one side at least 64", error.Message, StringComparison.Ordinal);
        Assert.Contains("32,32,20", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_became_NaN_is_traced_to_the_layer_in_three_dimensions()
    {
        using var network = new Modified3DUnet(new Modified3DUnetOptions(1, 1, Filters: 1, Attention: true));
        using torch.Tensor input = torch.randn([1, 1, 32, 16, 16]), target = torch.zeros([1, 1, 32, 16, 16]);
        using TorchSharp.Scalar nan = double.NaN;
        using (torch.no_grad())
            network.get_parameter("norm_lrelu_conv_c3.2.weight")!.fill_(nan);
        Assert.Contains(
            "'norm_lrelu_conv_c3.2'", NotFiniteSearch.Explain(network, new NetworkInputs(input), target, () => network.forward(input)), StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_that_the_network_cannot_take_are_refused_before_images_are_read()
    {
        SegException error = Assert.Throws<SegException>(() => phantom.Train(VolumePhantom.Config("volumes", c => c.DefaultModel.Depth = 5)));
        Assert.Contains("32 voxels along each side and 64 along one", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<SegException>(() => phantom.Train(VolumePhantom.Config("Modified3DUNet", c => c.Modified3DUnet.Length3D = [16, 16, 16])));
        Assert.Contains("Modified3DUNet.length_3D", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Tiny networks learn the cord of two participants and find it in a third.</summary>
    [Theory]
    [InlineData("Unet", 20, 0.8)]
    [InlineData("Modified3DUNet", 10, 0.8)]
    public void A_volume_network_learns_phantoms_and_segments_new_ones(string network, int epochs, double least)
    {
        SegModel model = phantom.Train(VolumePhantom.Config(network, c =>
        {
            c.DefaultModel.DropoutRate = 0;
            c.DefaultModel.NFilters = 4;
            c.Modified3DUnet.NFilters = 3;
            c.TrainingParameters.TrainingTime.NumEpochs = epochs;
            c.TrainingParameters.BatchSize = 1;
            c.TrainingParameters.Scheduler.InitialLr = 0.02;
            (c.DefaultModel.Length3D, c.DefaultModel.Stride3D) = ([32, 32, 16], [32, 32, 4]);
            (c.Modified3DUnet.Length3D, c.Modified3DUnet.Stride3D) = ([32, 32, 16], [32, 32, 4]);
            c.Transformation = [new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] }];
        }));
        foreach (List<SegPrediction> predictions in (List<SegPrediction>[])[phantom.Predict(model), phantom.Predict(model, overlap: [0, 0, 14])])
        {
            foreach (SegPrediction prediction in predictions)
            {
                SegPredictedClass found = Assert.Single(prediction.Classes);
                double dice = SegEngine.Measure(
                    new MetricsRequest(found.Path, found.ReferencePath!, prediction.ImageId, prediction.Subject, prediction.Contrast, found.Name),
                    SilentObserver.Instance, default).Dice;
                Assert.InRange(dice, least, 1);
            }
        }
    }

    private static float[] Forward(SegNetwork network, SegConfig config, Volume image)
    {
        PreparedVolume prepared = PreparedVolume.From([SliceStack.Of(image, SliceAxis.Axial)], config, PatchSettings.Of(config));
        using InputReader reader = prepared.NewReader();
        using VolumeRestorer restorer = prepared.NewRestorer(1);
        using var noGradient = torch.no_grad();
        var input = new float[prepared.Size.Count];
        for (int i = 0; i < prepared.Inputs; i++)
        {
            using var scope = torch.NewDisposeScope();
            reader.Copy(i, input);
            torch.Tensor answer = network.forward(torch.tensor(input, [1, 1, prepared.Size.H, prepared.Size.W, prepared.Size.D]));
            restorer.Add(i, answer.data<float>().ToArray());
        }

        return restorer.ToVolume().Voxels;
    }
}
