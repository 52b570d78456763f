using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public sealed class SampleDatasetTests : IDisposable
{
    private readonly DatasetOnDisk _disk = new();
    private readonly RecordingObserver _observer = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void Axial_slices_have_x_as_rows_and_y_as_columns()
    {
        _disk.Add(labels: ("_a", (x, y, z) => x == 2 && y == 3 ? 1 : 0));
        var dataset = Load(Config("_a"));
        Assert.Equal((4, 1, 1, 6, 5), (dataset.Count, dataset.Channels, dataset.Classes, dataset.Size.H, dataset.Size.W));
        var (input, target) = Fill(dataset, 2);
        Assert.Equal(200 + (10 * 3) + 2, input[(2 * 5) + 3]);
        Assert.Equal(1, target[(2 * 5) + 3]);
        Assert.Equal(1, target.Sum());
        Assert.Equal([0, 1, 2, 3], dataset.Origins.Select(o => o.SliceIndex!.Value));
    }

    [Fact]
    public void Sagittal_slices_have_z_as_rows_and_y_as_columns()
    {
        _disk.Add(labels: ("_a", (_, _, _) => 1));
        var config = Config("_a");
        config.LoaderParameters.SliceAxis = "sagittal";
        var dataset = Load(config);
        Assert.Equal((6, 4, 5), (dataset.Count, dataset.Size.H, dataset.Size.W));
        Assert.Equal(300 + (10 * 4) + 1, Fill(dataset, 1).Input[(3 * 5) + 4]);
    }

    [Fact]
    public void A_label_stored_in_another_orientation_is_turned_onto_its_image()
    {
        var grid = VolumeGeometry.Axial(6, 5, 4, 1, 1, 2);
        var image = _disk.Save("sub-1_T2w", DatasetOnDisk.Make(grid, (x, y, z) => (100 * z) + (10 * y) + x));
        // The same voxels with the first axis running toward the left.
        var flipped = new VolumeGeometry(6, 5, 4, [-1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]);
        var label = _disk.Save("sub-1_T2w_a", DatasetOnDisk.Make(flipped, (x, y, _) => x == 5 - 2 && y == 3 ? 1 : 0));
        _disk.Add("sub-1", image, new() { ["_a"] = label });
        Assert.Equal(1, Fill(Load(Config("_a")), 0).Target[(2 * 5) + 3]);
    }

    [Fact]
    public void A_class_without_file_is_absent_and_warned_of_once()
    {
        _disk.Add(labels: [("_a", (_, _, _) => 1), ("_b", (_, _, _) => 1)]);
        _disk.Add(labels: ("_a", (_, _, _) => 1));
        _disk.Add(labels: ("_a", (_, _, _) => 1));
        var dataset = Load(Config("_a", "_b"));
        var target = Fill(dataset, 11).Target;
        Assert.Equal(30, target[..30].Sum());
        Assert.Equal(0, target[30..].Sum());
        Assert.Equal(8, dataset.Origins.Count(o => o.UnlabelledClasses.Count > 0));
        Assert.All(dataset.Origins.Where(o => o.Image.Subject != "sub-00"), o => Assert.Equal([1], o.UnlabelledClasses));
        Assert.Single(_observer.Warnings, w => w.Contains("_b", StringComparison.Ordinal) && w.Contains("2 of 3", StringComparison.Ordinal));
    }

    [Fact]
    public void One_bad_image_is_one_error_and_the_rest_goes_on()
    {
        _disk.Add(labels: ("_a", (_, _, _) => 1));
        var path = System.IO.Path.Combine(_disk.Path, "sub-x_T2w.nii.gz");
        File.WriteAllText(path, "<html>not found</html>");
        _disk.Add("sub-x", path, []);
        Assert.Equal(4, Load(Config("_a")).Count);
        Assert.Contains("sub-x_T2w", Assert.Single(_observer.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_fails_in_an_unforeseen_way_is_one_error_too()
    {
        _disk.Add(labels: ("_a", (_, _, _) => 1));
        var path = System.IO.Path.Combine(_disk.Path, "sub-x_SEM.png");
        PngFile.WriteGray(path, [0, 1, 0, 0], 2, 2);
        _disk.Images.Add(_disk.Images[0] with { Path = path, Metadata = new ThrowingMetadata() });
        Assert.Equal(4, Load(Config("_a")).Count);
        var error = Assert.Single(_observer.Errors);
        Assert.Equal(("ImageFailed", path), (error.ErrorId, error.TargetItem));
    }

    [Fact]
    public void No_readable_image_at_all_is_the_end()
    {
        _disk.Add("sub-x", System.IO.Path.Combine(_disk.Path, "none.nii.gz"), []);
        Assert.Equal("NoImageLoaded", Assert.Throws<SegException>(() => Load(Config("_a"))).ErrorId);
    }

    [Theory]
    [InlineData(6, 5, 3, 0.0)]
    [InlineData(6, 5, 4, 1.5)]
    [InlineData(6, 5, 4, 0.9)]
    public void A_label_on_another_grid_is_refused(int x, int y, int z, double shift)
    {
        var good = _disk.Add(labels: ("_a", (_, _, _) => 1));
        var grid = new VolumeGeometry(x, y, z, [1, 0, 0, shift, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]);
        _disk.Add("sub-9", good.Path, new() { ["_a"] = _disk.Save("other", DatasetOnDisk.Make(grid, (_, _, _) => 1)) });
        Assert.Equal(4, Load(Config("_a")).Count);
        Assert.Equal("LabelGridDiffers", Assert.Single(_observer.Errors).ErrorId);
    }

    [Fact]
    public void A_label_beside_its_image_by_less_than_half_a_thick_slice_is_refused()
    {
        var good = _disk.Add(geometry: VolumeGeometry.Axial(6, 5, 4, 4, 4, 24), labels: ("_a", (_, _, _) => 1));
        var moved = new VolumeGeometry(6, 5, 4, [4, 0, 0, 10, 0, 4, 0, 0, 0, 0, 24, 0, 0, 0, 0, 1]);
        _disk.Add("sub-9", good.Path, new() { ["_a"] = _disk.Save("moved", DatasetOnDisk.Make(moved, (_, _, _) => 1)) });
        Assert.Equal(4, Load(Config("_a")).Count);
        Assert.Contains("up to 2.5, 0, 0 voxels", Assert.Single(_observer.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_that_look_at_labels_do_not_act_on_the_test_set()
    {
        _disk.Add(labels: ("_a", (_, _, z) => z == 1 ? 1 : 0));
        var config = Config("_a");
        config.LoaderParameters.SliceFilterParams.FilterEmptyMask = true;
        Assert.Equal([1], Load(config).Origins.Select(o => o.SliceIndex!.Value));
        Assert.Equal(4, Load(config, DatasetParts.Testing).Count);
    }

    [Fact]
    public void When_every_slice_is_filtered_the_error_names_the_filters()
    {
        _disk.Add(labels: ("_a", (_, _, _) => 0));
        var config = Config("_a");
        config.LoaderParameters.SliceFilterParams.FilterEmptyMask = true;
        Assert.Equal("NoSampleLeft", Assert.Throws<SegException>(() => Load(config)).ErrorId);
    }

    [Fact]
    public void Slices_of_different_sizes_ask_for_a_crop_and_a_crop_helps()
    {
        _disk.Add(labels: ("_a", (_, _, _) => 1));
        _disk.Add(x: 7, labels: ("_a", (_, _, _) => 1));
        var error = Assert.Throws<SegException>(() => Load(Config("_a")));
        Assert.Equal("SampleSizesDiffer", error.ErrorId);
        Assert.Contains("CenterCrop", error.Recommendation, StringComparison.Ordinal);
        var config = Config("_a");
        config.Transformation = [Transform("CenterCrop", ("size", new[] { 4, 4 }))];
        Assert.Equal((8, 4, 4), Load(config) is var d ? (d.Count, d.Size.H, d.Size.W) : default);
    }

    [Fact]
    public void Hard_labels_are_decided_at_one_half_after_interpolation_and_soft_ones_stay()
    {
        _disk.Add(labels: ("_a", (x, _, _) => x >= 3 ? 3 : 0));
        var config = Config("_a");
        config.Transformation = [Transform("Resample", ("hspace", 0.5), ("wspace", 1.0))];
        var hard = Fill(Load(config), 0).Target;
        Assert.All(hard, v => Assert.True(v is 0 or 1));
        config.LoaderParameters.SoftGt = true;
        var soft = Fill(Load(config), 0).Target;
        Assert.Contains(soft, v => v is > 0 and < 1);
        Assert.Equal(hard, soft.Select(v => v >= 0.5f ? 1f : 0f));
    }

    [Fact]
    public void Voxels_that_are_no_numbers_become_zero_with_a_warning()
    {
        var grid = VolumeGeometry.Axial(3, 3, 1, 1, 1, 1);
        var path = _disk.Save("sub-1_T2w", DatasetOnDisk.Make(grid, (x, y, _) => x == 0 && y == 0 ? float.NaN : x));
        _disk.Add("sub-1", path, new() { ["_a"] = _disk.Save("l", DatasetOnDisk.Make(grid, (_, _, _) => 1)) });
        Assert.Equal(0, Fill(Load(Config("_a")), 0).Input[0]);
        Assert.Contains(_observer.Warnings, w => w.Contains("not finite", StringComparison.Ordinal));
    }

    [Fact]
    public void Loading_stops_when_asked()
    {
        for (var i = 0; i < 6; i++)
            _disk.Add(labels: ("_a", (_, _, _) => 1));
        using var stop = new CancellationTokenSource();
        _observer.OnProgress = _ => stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => SampleDataset.Load([.. _disk.Images.Select(SampleSource.Of)], Config("_a"), DatasetParts.Training, _observer, stop.Token));
    }

    private static SegConfig Config(params string[] suffixes) => new() { LoaderParameters = { TargetSuffix = suffixes } };

    private static TransformConfig Transform(string name, params (string Key, object? Value)[] parameters) =>
        Tests.Transforms.TransformBuilder.Config(name, parameters);


    private static (float[] Input, float[] Target) Fill(SampleDataset dataset, int index)
    {
        var plane = dataset.Size.Count;
        var (input, target) = (new float[dataset.Channels * plane], new float[dataset.Classes * plane]);
        dataset.Fill(dataset.Ids[index], new RandomStream(0), input, target);
        return (input, target);
    }

    private SampleDataset Load(SegConfig config, string part = DatasetParts.Training) =>
        SampleDataset.Load([.. _disk.Images.Select(SampleSource.Of)], config, part, _observer, CancellationToken.None);
}
