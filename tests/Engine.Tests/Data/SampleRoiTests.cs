using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

/// <summary>The region of slice z is z voxels of the column y = 7, from x = 10 on.</summary>
public sealed class SampleRoiTests : IDisposable
{
    private const string Roi = "_roi";

    private readonly DatasetOnDisk _disk = new();
    private readonly RecordingObserver _observer = new();

    public SampleRoiTests() => _disk.Add(20, 16, 5, labels: [("_a", (_, _, _) => 1), (Roi, (x, y, z) => y == 7 && x >= 10 && x < 10 + z ? 1 : 0)]);

    public void Dispose() => _disk.Dispose();

    [Theory]
    [InlineData(0, new[] { 1, 2, 3, 4 })]
    [InlineData(2, new[] { 3, 4 })]
    public void Slices_with_a_small_region_are_left_out(int limit, int[] slices)
    {
        var config = Config(limit);
        foreach (var part in new[] { DatasetParts.Training, DatasetParts.Validation })
        {
            using var dataset = Load(config, part);
            Assert.Equal(slices, dataset.Origins.Select(o => o.SliceIndex!.Value));
        }

        using var test = Load(config, DatasetParts.Testing);
        Assert.Equal(5, test.Count);
    }

    [Fact]
    public void The_crop_follows_the_region_of_each_slice_as_it_is_after_resampling()
    {
        var config = Config(null);
        config.Transformation = [Transform("ROICrop", ("size", new[] { 4, 4 }))];
        using (var dataset = Load(config))
        {
            Assert.Equal([1, 2, 3, 4], dataset.Origins.Select(o => o.SliceIndex!.Value));
            Assert.Equal((100 * 1) + (10 * 5) + 8, dataset.At(0).Input[0]);
            Assert.Equal((100 * 3) + (10 * 5) + 9, dataset.At(2).Input[0]);
        }

        config.Transformation = [Transform("Resample", ("hspace", 0.5), ("wspace", 1.0)), Transform("ROICrop", ("size", new[] { 4, 4 }))];
        using var resampled = Load(config);
        Assert.InRange(resampled.At(2).Input[5] - (100 * 3) - (10 * 6), 10, 12);
    }

    [Fact]
    public void Without_a_rule_or_a_crop_the_region_is_not_read()
    {
        var config = Config(null);
        File.Delete(_disk.Images[0].Labels[Roi]);
        using var dataset = Load(config);
        Assert.Equal(5, dataset.Count);
        Assert.Empty(_observer.Errors);
    }

    [Fact]
    public void A_region_on_another_grid_is_one_error()
    {
        var grid = MedSeg.Engine.Imaging.VolumeGeometry.Axial(6, 5, 4, 1, 1, 2);
        var image = _disk.Save("sub-9_T2w", DatasetOnDisk.Make(grid, (x, _, _) => x));
        var region = _disk.Save("sub-9_T2w_roi", DatasetOnDisk.Make(MedSeg.Engine.Imaging.VolumeGeometry.Axial(6, 5, 3, 1, 1, 2), (_, _, _) => 1));
        _disk.Add("sub-9", image, new() { ["_a"] = image, [Roi] = region });
        using var dataset = Load(Config(0));
        Assert.Equal(4, dataset.Count);
        Assert.Equal(("LabelGridDiffers", region), (Assert.Single(_observer.Errors).ErrorId, _observer.Errors[0].TargetItem));
    }

    [Fact]
    public void A_crop_without_a_region_takes_the_middle_and_says_so()
    {
        var config = Config(null);
        config.LoaderParameters.RoiParams.Suffix = null;
        config.Transformation = [Transform("ROICrop", ("size", new[] { 4, 4 }))];
        using var dataset = Load(config);
        Assert.Equal(5, dataset.Count);
        Assert.Equal((10 * 6) + 8, dataset.At(0).Input[0]);
        Assert.Contains("ROICrop", Assert.Single(_observer.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_volume_with_an_empty_region_is_cropped_in_the_middle_and_named(bool crop)
    {
        var image = _disk.Add(20, 16, 5, labels: [("_a", (_, _, _) => 1), (Roi, (_, _, _) => 0)]);
        var config = Config(0);
        config.DefaultModel.Is2D = false;
        config.Transformation = [Transform(crop ? "ROICrop" : "CenterCrop", ("size", new[] { 4, 4, 4 }))];
        using var dataset = Load(config);
        Assert.Equal(2, dataset.Count);
        if (crop)
            Assert.Contains(image.Path, Assert.Single(_observer.Warnings), StringComparison.Ordinal);
        else
            Assert.Empty(_observer.Warnings);
    }

    [Fact]
    public void Images_without_the_region_are_left_out_of_training_where_it_counts()
    {
        var without = _disk.Add(6, 5, 1, labels: ("_a", (_, _, _) => 1));
        var dataset = FakeDataset.Of(_disk.Images);
        var split = new SegSplit("participant_id", 6, ["sub-00", "sub-01"], [], ["sub-00", "sub-01"]);
        IReadOnlyList<SampleSource> Select(SegConfig config, string part) => SourceSelector.Select(dataset, split, config, part, _observer.Warning);

        Assert.Equal("sub-00", Assert.Single(Select(Config(0), DatasetParts.Training)).Reference.Subject);
        Assert.Contains($"{without.RelativePath} has no label of _roi", Assert.Single(_observer.Warnings), StringComparison.Ordinal);
        Assert.Equal(2, Select(Config(null), DatasetParts.Training).Count);
        Assert.Equal(2, Select(Config(0), DatasetParts.Testing).Count);
    }

    private static SegConfig Config(int? limit) => new()
    {
        LoaderParameters = { TargetSuffix = ["_a"], RoiParams = { Suffix = Roi, SliceFilterRoi = limit } },
    };

    private static TransformConfig Transform(string name, params (string Key, object? Value)[] parameters) =>
        Transforms.TransformBuilder.Config(name, parameters);

    private SampleDataset Load(SegConfig config, string part = DatasetParts.Training) =>
        SampleDataset.Load(_disk.Sources, config, part, _observer, default);
}
