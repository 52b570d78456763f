using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

/// <summary>Every kind of sample gives the same bytes, however many threads make the batches and in whatever order the images are listed.</summary>
public sealed class SampleWorkerTests : IDisposable
{
    private readonly DatasetOnDisk _disk = new();

    public SampleWorkerTests()
    {
        for (var i = 0; i < 5; i++)
        {
            var (subject, step) = ($"sub-{i}", i + 1);
            var grid = VolumeGeometry.Axial(9 + i, 8, 6, 1, 1, 1);
            (string, Func<int, int, int, float>)[] labels =
            [
                ("_a", (x, y, _) => x > step && y < 5 ? 1 : 0), ("_b", (x, y, z) => x + y + z < 9 ? 1 : 0), ("_roi", (x, y, _) => x is > 3 and < 7 && y is > 2 and < 5 ? 1 : 0),
            ];
            _disk.AddContrast(subject, "T1w", grid, (x, y, z) => (step * x) + (y * z), labels);
            _disk.AddContrast(subject, "T2w", grid, (x, y, z) => (x * y) - (step * z));
        }
    }

    public static TheoryData<string> Kinds { get; } =
        ["slices", "patches", "volumes", "patches of volumes", "raters", "region", "dropout", "soft", "one channel", "filtered patches"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Workers_and_listing_do_not_matter(string kind)
    {
        var config = Config(kind);
        var expected = Contents(config, _disk.Images, 0, DatasetParts.Training);
        Assert.True(expected.Count > 6);
        Assert.Equal(expected, Contents(config, _disk.Images, 1, DatasetParts.Training));
        Assert.Equal(expected, Contents(config, [.. Enumerable.Reverse(_disk.Images)], 3, DatasetParts.Training));
        var validation = Contents(config, _disk.Images, 0, DatasetParts.Validation);
        Assert.Equal(validation, Contents(config, _disk.Images, 3, DatasetParts.Validation));
        Assert.NotEqual(expected.Order(), validation.Order());
    }

    private static List<string> Contents(SegConfig config, IReadOnlyList<BidsImage> images, int workers, string part)
    {
        var observer = new RecordingObserver();
        var training = part == DatasetParts.Training;
        var sources = ChannelGroups.Of([.. images.Where(image => image.Contrast == "T1w" || config.LoaderParameters.Multichannel)], config);
        using var dataset = SampleDataset.Load(sources, config, part, observer, default, new() { OrderSeed = training ? 7 : null });
        using var loader = new BatchLoader(dataset, 2, training, seed: 7, workers);
        Assert.Empty(observer.Errors);
        return [.. Enumerable.Range(1, training ? 3 : 1).SelectMany(epoch => SampleContents.Batches(loader, epoch))];
    }

    private static SegConfig Config(string kind)
    {
        var config = new SegConfig
        {
            LoaderParameters = { Multichannel = kind != "one channel", TargetSuffix = ["_a", "_b"], ContrastParams = { TrainingValidation = ["T1w", "T2w"] } },
            Transformation =
            [
                Transform("CenterCrop", ("size", new[] { 8, 8, 4 })),
                Transform("RandomAffine", ("degrees", 20.0), ("translate", new[] { 0.1, 0.1, 0.1 })),
                Transform("RandomReverse"), Transform("NormalizeInstance"),
            ],
        };
        if (kind.Contains("volumes", StringComparison.Ordinal))
            config.DefaultModel.Is2D = false;
        if (kind == "patches of volumes")
            (config.DefaultModel.Length3D, config.DefaultModel.Stride3D) = ([4, 4, 4], [3, 4, 4]);
        if (kind.EndsWith("patches", StringComparison.Ordinal))
            (config.DefaultModel.Length2D, config.DefaultModel.Stride2D) = ([4, 5], [3, 4]);
        config.LoaderParameters.PatchFilterParams.FilterAbsentClass = kind == "filtered patches";
        config.LoaderParameters.SoftGt = kind == "soft";
        config.LoaderParameters.IsInputDropout = kind == "dropout";
        if (kind == "raters")
            config.LoaderParameters.TargetSuffixRaters = [["_a", "_b"]];
        if (kind == "region")
        {
            config.LoaderParameters.RoiParams.Suffix = "_roi";
            config.Transformation[0] = Transform("ROICrop", ("size", new[] { 6, 6 }));
        }

        return config;
    }

    private static TransformConfig Transform(string name, params (string Key, object? Value)[] parameters) =>
        Transforms.TransformBuilder.Config(name, parameters);

    public void Dispose() => _disk.Dispose();
}
