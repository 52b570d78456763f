using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Packaging.Ensembles;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Tests.Networks;
using MedSeg.Engine.Tests.Support;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Inference.Ensembles;

/// <summary>
/// Ensembles of networks that take something beside the image: predictions are compared with TorchSharp networks that get each slice or
/// patch, with what they take beside it, from loops written out here.
/// </summary>
public sealed class CombinedNetworksTests : IDisposable
{
    private const int X = 9, Y = 8, Z = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingObserver _observer = new();
    private readonly List<SegNetwork> _networks = [];

    public void Dispose()
    {
        _networks.ForEach(network => network.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public void Members_with_FiLM_encode_what_is_known_of_each_image_by_their_own_categories()
    {
        string[][] categories = [["T1w", "T2w"], ["T1w", "T2star", "T2w"]];
        SegConfig config = Config(c => c.FilmedUnet = new() { Applied = true, FilmLayers = [1, 1, 1, 1] });
        SegModel ensemble = EnsembleModel.Of(_folder.Path, [.. categories.Select((names, m) =>
            Package(config, m, new NetworkShape(1, 1, names.Length), new SegFilm("contrasts", [new("contrast", names)])))]);
        Assert.Equal("contrast: T1w, T2star, T2w", ensemble.Film!.ToString());
        string[] files = [Image("a_T1w", 1), Image("b_T2star", 2), Image("c", 3)];

        // Sidecars say nothing about contrasts, so that damaged ones do no harm.
        File.WriteAllText(_folder.File("b_T2star.json"), "{");
        float[][] byName = Predict(ensemble, null, files[..2]);
        Near(Expected(config, files[0], [[1, 0], [1, 0, 0]]), byName[0]);
        Near(Expected(config, files[1], [[0, 0], [0, 1, 0]]), byName[1]);
        Assert.Contains("'T2star', with which the model was not trained", Assert.Single(_observer.Warnings), StringComparison.Ordinal);

        // By hand for all files, whatever their names say.
        float[][] given = Predict(ensemble, "T2w", files);
        for (int i = 0; i < files.Length; i++)
            Near(Expected(config, files[i], [[0, 1], [0, 0, 1]]), given[i]);
        Assert.Equal(byName[1], Assert.Single(Predict(ensemble, "T2star", files[1])));
    }

    [Fact]
    public void Members_of_HeMISUnet_predict_patches_without_a_contrast()
    {
        SegConfig config = Config(c =>
        {
            c.LoaderParameters.Multichannel = true;
            c.LoaderParameters.ContrastParams.TrainingValidation = ["T1w", "T2w", "PDw"];
            c.HemisUnet = new() { Applied = true };
            (c.DefaultModel.Length2D, c.DefaultModel.Stride2D) = ([6, 5], [4, 2]);
        });
        SegModel ensemble = EnsembleModel.Of(_folder.Path, [Package(config, 0, new NetworkShape(3, 1)), Package(config, 1, new NetworkShape(3, 1))]);
        string[] files = [Image("sub-1_T1w", 1), Image("sub-1_PDw", 2)];
        float[] found = Assert.Single(Predict(ensemble, null, files));
        float[] expected = Answers(config, files, (input, h, w) => Mean(_networks.Select(network => Patches(network, input, h, w))));
        Near(expected, found);
    }

    /// <summary>Patches of 6×5 at 0, 4, 2 and so on, the last ones shifted back, averaged where they overlap; T2w is 0 and not there.</summary>
    private static float[] Patches(SegNetwork network, float[] input, int h, int w)
    {
        var (sum, count) = (new double[h * w], new int[h * w]);
        foreach (int top in new[] { 0, h - 6 }.Union(Enumerable.Range(0, h).Where(r => r % 4 == 0 && r + 6 <= h)))
        {
            foreach (int left in new[] { 0, w - 5 }.Union(Enumerable.Range(0, w).Where(c => c % 2 == 0 && c + 5 <= w)))
            {
                int At(int i) => ((top + (i / 5)) * w) + left + (i % 5);
                float[] patch = [.. Enumerable.Range(0, 90).Select(i => i / 30 == 1 ? 0 : input[(i / 60 * h * w) + At(i % 30)])];
                float[] answer = Run(network, patch, [1, 3, 6, 5], null, [1, 0, 1]);
                for (int i = 0; i < 30; i++)
                {
                    sum[At(i)] += answer[i];
                    count[At(i)]++;
                }
            }
        }

        return [.. sum.Zip(count, (total, times) => (float)(total / times))];
    }

    private float[] Expected(SegConfig config, string file, float[][] metadata) => Answers(
        config, [file], (input, h, w) => Mean(_networks.Zip(metadata, (network, row) => Run(network, input, [1, 1, h, w], row, null))));

    private static float[] Mean(IEnumerable<float[]> members)
    {
        float[][] all = [.. members];
        return [.. all[0].Select((_, i) => all.Average(answer => answer[i]))];
    }

    /// <summary>What a function answers for each slice of some channels, on the grid of the image.</summary>
    private static float[] Answers(SegConfig config, string[] channels, Func<float[], int, int, float[]> answer)
    {
        PreparedVolume prepared = PreparedVolume.From(
            [.. channels.Select(path => SliceStack.Of(ImageFile.Read(path), SliceAxis.Axial))], config, PatchSettings.Of(config) with { Length = null, Stride = null });
        using InputReader reader = prepared.NewReader();
        using VolumeRestorer restorer = prepared.NewRestorer(1);
        var input = new float[channels.Length * prepared.Size.Count];
        for (int i = 0; i < prepared.Inputs; i++)
        {
            reader.Copy(i, input);
            restorer.Add(i, answer(input, prepared.Size.H, prepared.Size.W));
        }

        return restorer.ToVolume().Voxels;
    }

    private static float[] Run(SegNetwork network, float[] input, long[] shape, float[]? metadata, float[]? available)
    {
        using var scope = torch.NewDisposeScope();
        using var guard = torch.no_grad();
        torch.Tensor? Row(float[]? numbers) => numbers is null ? null : torch.tensor(numbers, [1, numbers.Length]);
        return network.forward(new NetworkInputs(torch.tensor(input, shape), Row(metadata), Row(available))).data<float>().ToArray();
    }

    private float[][] Predict(SegModel model, string? metadata, params string[] files)
    {
        var request = new PredictionRequest(model, [.. files.Select(file => new PredictionInput(file, null))], _folder.File("out"), "cpu", null, true)
        {
            Metadata = metadata is null ? null : new Dictionary<string, string> { [""] = metadata },
        };
        float[][] answers = [.. Predictor.Run(request, _observer, default).Select(p => ImageFile.Read(p.Classes[0].SoftPath!).Voxels)];
        Assert.Empty(_observer.Errors);
        return answers;
    }

    /// <summary>A package whose network, exported once more from its weights, gives the same file.</summary>
    private SegModel Package(SegConfig config, int member, NetworkShape shape, SegFilm? film = null)
    {
        SegNetwork network = NetworkRegistry.Create(config, shape, member);
        _networks.Add(network);
        GoldenWeights.Fill(network);
        using (torch.no_grad())
        using (Scalar factor = 1 - (0.3f * member))
        {
            // Members differ also where their shapes do not.
            foreach (var parameter in network.parameters())
                parameter.mul_(factor);
        }

        network.eval();
        var provenance = new TrainingProvenance
        {
            Seed = 0, Device = "cpu", Finished = default, WallSeconds = 0, BestEpoch = 1, BestValidationLoss = null, Data = "", History = [],
        };
        var content = new ModelContent(
            config, ["a"], new SegSplit("participant_id", 0, [], [], []), new BidsDataset { Roots = [], Name = "", Subjects = [], Images = [] }, provenance) { Film = film };
        SegModel model = ModelPackageWriter.Write(Directory.CreateDirectory(_folder.File($"m{member}")).FullName + Path.DirectorySeparatorChar + config.ModelName, network, content);
        string again = _folder.File("again.onnx");
        SegEngine.ExportModel(model, again, dropout: false, seed: 0, default);
        Assert.Equal(File.ReadAllBytes(ModelPackage.OnnxPath(model)), File.ReadAllBytes(again));
        return model;
    }

    /// <summary>Without transforms: they would run on each patch.</summary>
    private static SegConfig Config(Action<SegConfig> change)
    {
        var config = new SegConfig { ModelName = "combined", LoaderParameters = { TargetSuffix = ["_a"] } };
        (config.DefaultModel.Depth, config.DefaultModel.NFilters) = (1, 2);
        change(config);
        return config;
    }

    private string Image(string name, int seed)
    {
        string path = _folder.File(name + ".nii.gz");
        NiftiFile.Write(
            path, DatasetOnDisk.Make(VolumeGeometry.Axial(X, Y, Z, 1, 1, 1), (x, y, z) => (float)Math.Sin((seed * 0.7 * x) + (y * y * 0.3) + z)), NiftiDataType.Float32);
        return path;
    }

    private static void Near(float[] expected, float[] found)
    {
        Assert.Equal(X * Y * Z, expected.Length);
        Assert.True(expected.Max() - expected.Min() > 0.01, "Answers that are all alike would prove nothing.");
        Assert.InRange(GoldenWeights.LargestDifference(expected, found), 0, 1e-5f);
    }
}
