using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Data;

/// <summary>Voxel (x, y, z) of image n is 1000·n + 100·z + 10·y + x; axial slices have x as rows.</summary>
public sealed class SamplePatchTests : IDisposable
{
    private readonly DatasetOnDisk _disk = new();
    private readonly RecordingObserver _observer = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void Patches_of_slices_cover_every_voxel_and_hold_what_lies_there()
    {
        _disk.Add(7, 5, 2, labels: ("_a", (x, y, z) => x == 6 && y == 4 && z == 1 ? 1 : 0));
        using var dataset = Load(Patches(4, 3, 3, 2));
        Assert.Equal((2 * 2 * 2, new GridSize(4, 3)), (dataset.Count, dataset.Size));
        Assert.Equal(
            ["slice 0 patch (0, 0)", "slice 0 patch (0, 2)", "slice 0 patch (3, 0)", "slice 0 patch (3, 2)", "slice 1 patch (0, 0)"],
            dataset.Origins.Take(5).Select(o => o.Place));
        var seen = new HashSet<float>();
        for (var i = 0; i < dataset.Count; i++)
        {
            var (input, target) = dataset.At(i);
            var origin = dataset.Origins[i];
            for (var h = 0; h < 4; h++)
            {
                for (var w = 0; w < 3; w++)
                {
                    int x = origin.Corner!.Value.H + h, y = origin.Corner.Value.W + w, z = origin.SliceIndex!.Value;
                    Assert.Equal((100 * z) + (10 * y) + x, input[(h * 3) + w]);
                    Assert.Equal((x, y, z) == (6, 4, 1) ? 1 : 0, target[(h * 3) + w]);
                    seen.Add(input[(h * 3) + w]);
                }
            }
        }

        Assert.Equal(7 * 5 * 2, seen.Count);
    }

    [Fact]
    public void Patches_of_volumes_cover_every_voxel_where_the_strides_do_not_divide_the_size()
    {
        _disk.Add(5, 4, 7, labels: ("_a", (_, _, z) => z == 6 ? 1 : 0));
        var config = Volumes([2, 3, 4], [2, 2, 3]);
        using var dataset = Load(config);
        Assert.Equal((3 * 2 * 2, new GridSize(2, 3, 4), true), (dataset.Count, dataset.Size, dataset.IsVolume));
        var seen = new HashSet<float>();
        for (var i = 0; i < dataset.Count; i++)
        {
            var corner = dataset.Origins[i].Corner!.Value;
            Assert.Null(dataset.Origins[i].SliceIndex);
            var (input, target) = dataset.At(i);
            for (var v = 0; v < input.Length; v++)
            {
                int x = corner.H + (v / 12), y = corner.W + (v / 4 % 3), z = corner.D + (v % 4);
                Assert.Equal((100 * z) + (10 * y) + x, input[v]);
                Assert.Equal(z == 6 ? 1 : 0, target[v]);
            }

            seen.UnionWith(input);
        }

        Assert.Equal(5 * 4 * 7, seen.Count);
    }

    [Theory]
    [InlineData("axial", 3, 4, 5)]
    [InlineData("coronal", 5, 3, 4)]
    [InlineData("sagittal", 5, 4, 3)]
    public void A_volume_without_patches_is_one_sample(string axis, int h, int w, int d)
    {
        _disk.Add(3, 4, 5, labels: ("_a", (x, _, _) => x == 1 ? 1 : 0));
        var config = Volumes([], []);
        config.LoaderParameters.SliceAxis = axis;
        using var dataset = Load(config);
        Assert.Equal((1, new GridSize(h, w, d), ""), (dataset.Count, dataset.Size, dataset.Origins[0].Place));
        using var loader = new BatchLoader(dataset, 2, shuffle: false, seed: 0, workers: 0);
        var batch = Assert.Single(loader.Epoch(0));
        Assert.Equal([1L, 1, h, w, d], batch.InputShape);
        Assert.Equal([1L, 1, h, w, d], batch.TargetShape);
        Assert.Equal(axis switch { "axial" => 400 + (10 * 3) + 2, "coronal" => 400 + 30 + 2, _ => 400 + 30 + 2 }, batch.Input[^1]);
        Assert.Equal(axis switch { "axial" => 100, "coronal" => 10, _ => 1 }, batch.Input[1]);
    }

    [Fact]
    public void Batches_of_slices_have_four_dimensions()
    {
        _disk.Add(7, 5, 2, labels: ("_a", (_, _, _) => 1));
        using var dataset = Load(Patches(4, 3, 4, 3));
        using var loader = new BatchLoader(dataset, 3, shuffle: false, seed: 0, workers: 0);
        Assert.Equal([3L, 1, 4, 3], loader.Epoch(0).First().InputShape);
    }

    [Fact]
    public void Images_of_different_sizes_give_patches_of_one_size()
    {
        _disk.Add(7, 5, 2, labels: ("_a", (_, _, _) => 1));
        _disk.Add(4, 6, 1, labels: ("_a", (_, _, _) => 1));
        using var dataset = Load(Patches(4, 3, 4, 3));
        Assert.Equal((4 * 2) + 2, dataset.Count);
    }

    [Fact]
    public void An_image_smaller_than_a_patch_is_one_error_that_names_it_and_the_crop_and_a_crop_helps()
    {
        _disk.Add(7, 5, 1, labels: ("_a", (_, _, _) => 1));
        var small = _disk.Add(3, 5, 1, labels: ("_a", (_, _, _) => 1));
        var config = Patches(4, 3, 4, 3);
        using (var dataset = Load(config))
            Assert.Equal(4, dataset.Count);
        var error = Assert.Single(_observer.Errors);
        Assert.Equal(("PatchTooLarge", small.Path), (error.ErrorId, error.TargetItem));
        Assert.Contains($"default_model.length_2D: the patches of 4×3 voxels do not fit into '{small.Path}', which is 3×5", error.Message, StringComparison.Ordinal);
        Assert.Contains("CenterCrop", error.Recommendation, StringComparison.Ordinal);
        config.Transformation = [Config("CenterCrop", ("size", new[] { 7, 5 }))];
        using var cropped = Load(config);
        Assert.Equal(8, cropped.Count);
    }

    [Fact]
    public void A_stride_that_gives_millions_of_patches_is_refused()
    {
        var settings = PatchSettings.Of(new SegConfig { DefaultModel = { Length2D = [8, 8], Stride2D = [1, 1] } });
        Assert.Equal("PatchesTooMany", Assert.Throws<SegException>(() => settings.Corners(new GridSize(30000, 30000), "slide.tif")).ErrorId);
        Assert.Equal(93 * 93, settings.Corners(new GridSize(100, 100), "small.tif").Count);
    }

    [Theory]
    [InlineData(new[] { 32 }, new[] { 32 }, "default_model.length_2D")]
    [InlineData(new[] { 32, 32 }, new[] { 40, 32 }, "default_model.stride_2D")]
    [InlineData(new[] { 32, 32 }, new[] { 32, 0 }, "default_model.stride_2D")]
    [InlineData(new[] { 32, 32 }, new int[0], "default_model.length_2D")]
    public void Wrong_patch_settings_name_their_key(int[] length, int[] stride, string key)
    {
        var config = new SegConfig { DefaultModel = { Length2D = length, Stride2D = stride } };
        var error = Assert.Throws<SegException>(() => PatchSettings.Of(config));
        Assert.Equal(("PatchSettings", key), (error.ErrorId, error.TargetItem));
    }

    [Fact]
    public void The_network_in_use_says_what_a_patch_is()
    {
        var config = new SegConfig { DefaultModel = { Length2D = [8, 8], Stride2D = [8, 8], Length3D = [4, 4, 4], Stride3D = [4, 4, 4] } };
        Assert.Equal((false, new GridSize(8, 8)), (PatchSettings.Of(config).IsVolume, PatchSettings.Of(config).Length));
        config.DefaultModel.Is2D = false;
        Assert.Equal((true, new GridSize(4, 4, 4)), (PatchSettings.Of(config).IsVolume, PatchSettings.Of(config).Length));
        config.Modified3DUnet.Applied = true;
        Assert.Equal("Modified3DUNet.length_3D", PatchSettings.Of(config).Key);
    }

    [Fact]
    public void Patch_filters_leave_patches_out_in_training_and_validation_only()
    {
        _disk.Add(8, 6, 1, labels: ("_a", (x, y, _) => x == 1 && y == 1 ? 1 : 0));
        var config = Patches(4, 3, 4, 3);
        config.LoaderParameters.PatchFilterParams.FilterEmptyMask = true;
        foreach (var part in new[] { DatasetParts.Training, DatasetParts.Validation })
        {
            using var dataset = Load(config, part);
            Assert.Equal("slice 0 patch (0, 0)", Assert.Single(dataset.Origins).Place);
        }

        using var test = Load(config, DatasetParts.Testing);
        Assert.Equal(4, test.Count);
    }

    /// <summary>The reference's own case.</summary>
    [Fact]
    public void Of_a_slice_with_one_labelled_pixel_one_patch_stays()
    {
        _disk.Add(96, 64, 1, labels: ("_a", (x, y, _) => (x, y) == (40, 50) ? 1 : 0));
        var config = Patches(32, 32, 32, 32);
        config.LoaderParameters.PatchFilterParams.FilterEmptyMask = true;
        using var dataset = Load(config);
        Assert.Equal(new PatchCorner(32, 32), Assert.Single(dataset.Origins).Corner);
    }

    [Fact]
    public void Transforms_after_loading_run_on_the_patch_and_not_on_the_slice()
    {
        _disk.Add(8, 6, 1, labels: ("_a", (_, _, _) => 1));
        var config = Patches(4, 3, 4, 3);
        config.Transformation = [Config("NormalizeInstance")];
        using var dataset = Load(config);
        for (var i = 0; i < dataset.Count; i++)
            Assert.InRange(dataset.At(i).Input.Average(), -1e-5f, 1e-5f);
    }

    [Fact]
    public void Deterministic_transforms_run_once_where_no_random_one_comes_before_them()
    {
        _disk.Add(8, 6, 1, labels: ("_a", (_, _, _) => 1));
        var config = Patches(0, 0, 0, 0);
        config.Transformation = [Config("NormalizeInstance"), Config("RandomReverse")];
        using var dataset = Load(config);
        Assert.InRange(dataset.Entries[0].ReadAll(0, 1).Average(), -1e-5f, 1e-5f);
        config.Transformation = [Config("RandomReverse"), Config("NormalizeInstance")];
        using var other = Load(config);
        Assert.Equal(_disk.Images.Count, other.Count);
        Assert.Equal(7 + 50, other.Entries[0].ReadAll(0, 1).Max());
        Assert.InRange(other.At(0).Input.Average(), -1e-5f, 1e-5f);
    }

    private static SegConfig Patches(int lengthH, int lengthW, int strideH, int strideW) => new()
    {
        LoaderParameters = { TargetSuffix = ["_a"] },
        DefaultModel = { Length2D = lengthH == 0 ? [] : [lengthH, lengthW], Stride2D = lengthH == 0 ? [] : [strideH, strideW] },
    };

    private static SegConfig Volumes(int[] length, int[] stride) => new()
    {
        LoaderParameters = { TargetSuffix = ["_a"] }, DefaultModel = { Is2D = false, Length3D = length, Stride3D = stride },
    };

    private SampleDataset Load(SegConfig config, string part = DatasetParts.Training) =>
        SampleDataset.Load(_disk.Sources, config, part, _observer, default);
}
