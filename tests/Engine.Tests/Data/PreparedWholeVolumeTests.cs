using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Data;

/// <summary>Volumes that a network of three dimensions sees: there and back, a network that copies its input standing in between.</summary>
public class PreparedWholeVolumeTests
{
    private static readonly PatchSettings Whole = new(true, null, null, "default_model.length_3D");

    public static TheoryData<string> Axes { get; } = ["axial", "coronal", "sagittal"];

    [Theory]
    [MemberData(nameof(Axes))]
    public void A_volume_comes_back_exactly_whole_and_in_patches_in_every_orientation(string axis)
    {
        foreach (var affine in Affines())
        {
            var volume = Ramp(new VolumeGeometry(7, 5, 6, affine));
            foreach (var patches in (PatchSettings[])[Whole, Patches(new(4, 3, 3), new(3, 2, 1)), Patches(new(5, 5, 5), new(1, 2, 5))])
            {
                var prepared = Prepared(Axis(axis), patches, volume);
                Assert.Equal(prepared.PatchesPerUnit, prepared.Inputs);
                Assert.Equal(patches.Length ?? prepared.LoadedSize, prepared.Size);
                var back = Restored(prepared, Inputs(prepared), 1);
                Assert.Equal(volume.Geometry, back.Geometry);
                Near(volume.Voxels, back.Voxels, 1e-3);
            }
        }
    }

    /// <summary>Splines follow a ramp but for its ends, where they mirror it; x, y and z are told apart by their steps.</summary>
    [Theory]
    [MemberData(nameof(Axes))]
    public void Resampling_and_cropping_in_three_dimensions_are_undone(string axis)
    {
        var volume = DatasetOnDisk.Make(VolumeGeometry.Axial(12, 10, 9, 1, 1.5, 2), (x, y, z) => x + (2 * y) + (3 * z));
        var config = Axis(axis);
        config.Transformation = [Config("Resample", ("hspace", 0.8), ("wspace", 0.8), ("dspace", 1.3)), Config("CenterCrop", ("size", new[] { 40, 40, 40 }))];
        foreach (var patches in (PatchSettings[])[Whole, Patches(new(16, 24, 40), new(12, 8, 40))])
        {
            var prepared = Prepared(config, patches, volume);
            Assert.Equal(new GridSize(40, 40, 40), prepared.LoadedSize);
            var back = Restored(prepared, Inputs(prepared), 1);
            Assert.Equal(volume.Geometry, back.Geometry);
            for (var i = 0; i < back.Voxels.Length; i++)
            {
                var (x, y, z) = (i % 12, i / 12 % 10, i / 120);
                var inner = x is > 1 and < 10 && y is > 1 and < 8 && z is > 1 and < 7;
                Assert.Equal(volume.Voxels[i], back.Voxels[i], inner ? 0.05 : 0.3);
            }
        }
    }

    [Fact]
    public void What_a_crop_cut_away_is_zero()
    {
        var config = new SegConfig { Transformation = [Config("CenterCrop", ("size", new[] { 4, 4, 2 }))] };
        var prepared = Prepared(config, Whole, DatasetOnDisk.Make(VolumeGeometry.Axial(6, 8, 4, 1, 1, 1), (_, _, _) => 3));
        var back = Restored(prepared, Inputs(prepared), 1);
        Assert.Equal(4 * 4 * 2, back.Voxels.Count(value => value == 3));
        Assert.Equal((3, 0, 0), (Voxel(back, 3, 4, 2), Voxel(back, 3, 4, 0), Voxel(back, 0, 4, 2)));
    }

    [Fact]
    public void Channels_and_classes_lie_apart()
    {
        var grid = VolumeGeometry.Axial(6, 5, 4, 1, 1, 1);
        var (first, second) = (Ramp(grid), DatasetOnDisk.Make(grid, (x, y, z) => 1000 - x - y - z));
        var prepared = Prepared(new SegConfig(), Patches(new(3, 3, 2), new(2, 1, 1)), first, second);
        var back = Restored(prepared, Inputs(prepared), 2);
        Near(first.Voxels, back.Channel(0), 1e-3);
        Near(second.Voxels, back.Channel(1), 1e-3);
    }

    [Fact]
    public void Patches_are_normalised_each_by_itself_and_volumes_as_a_whole()
    {
        var config = new SegConfig { Transformation = [Config("NormalizeInstance")] };
        var volume = Ramp(VolumeGeometry.Axial(4, 4, 4, 1, 1, 1));
        var patches = Inputs(Prepared(config, Patches(new(2, 2, 2), new(2, 2, 2)), volume));
        for (var patch = 1; patch < 8; patch++)
            Near(patches.AsSpan(0, 8), patches.AsSpan(8 * patch, 8), 1e-4);
        var whole = Inputs(Prepared(config, Whole, volume));
        Assert.Equal(0, whole.Average(), 1e-4);
        Assert.Equal(1, whole.Average(v => v * v), 1e-3);
    }

    /// <summary>Slices of one volume crop around regions of their own; a volume crops once, around all of it.</summary>
    [Fact]
    public void A_volume_is_cropped_around_its_region_of_interest_and_comes_back_there()
    {
        var grid = VolumeGeometry.Axial(9, 9, 9, 1, 1, 1);
        var (image, roi) = (Ramp(grid), DatasetOnDisk.Make(grid, (x, y, z) => (x, y, z) is (2, 6, 5) ? 1 : 0));
        var config = new SegConfig { Transformation = [Config("ROICrop", ("size", new[] { 4, 4, 4 }))] };
        var prepared = PreparedVolume.From([SliceStack.Of(image, SliceAxis.Axial)], config, Whole, SliceStack.Of(roi, SliceAxis.Axial));
        var inputs = Inputs(prepared);
        Assert.Equal(Voxel(image, 2, 6, 5), inputs[42]);
        var back = Restored(prepared, inputs, 1);
        Assert.Equal(64, back.Voxels.Count(value => value != 0));
        Assert.Equal((Voxel(image, 0, 4, 3), Voxel(image, 3, 7, 6)), (Voxel(back, 0, 4, 3), Voxel(back, 3, 7, 6)));
    }

    [Fact]
    public void Filters_on_slices_leave_volumes_alone()
    {
        var config = new SegConfig { LoaderParameters = { SliceFilterParams = { FilterEmptyInput = true } } };
        var volume = DatasetOnDisk.Make(VolumeGeometry.Axial(4, 4, 4, 1, 1, 1), (x, _, z) => z == 1 ? 0 : x);
        var prepared = Prepared(config, Whole, volume);
        Assert.Equal((1, (0, 0)), (prepared.Inputs, prepared.InputAt(0)));
        Assert.Equal(volume.Voxels, Restored(prepared, Inputs(prepared), 1).Voxels);
    }

    [Fact]
    public void A_volume_that_would_not_fit_into_memory_is_refused_by_name()
    {
        var config = new SegConfig { Transformation = [Config("Resample", ("hspace", 0.001), ("wspace", 0.001), ("dspace", 0.001))] };
        var volume = Ramp(VolumeGeometry.Axial(4, 4, 4, 1, 1, 1));
        var error = Assert.Throws<SegException>(() => PreparedVolume.From([SliceStack.Of(volume, SliceAxis.Axial)], config, Whole, null, "a.nii.gz"));
        Assert.Equal(("SampleTooLarge", "a.nii.gz"), (error.ErrorId, error.TargetItem));
        Assert.Contains("4000×4000×4000", error.Message, StringComparison.Ordinal);
    }

    private static PatchSettings Patches(GridSize length, GridSize stride) => new(true, length, stride, "default_model.length_3D");

    private static SegConfig Axis(string axis) => new() { LoaderParameters = { SliceAxis = axis } };

    /// <summary>No two voxels are alike.</summary>
    private static Volume Ramp(VolumeGeometry grid) => DatasetOnDisk.Make(grid, (x, y, z) => 1 + (100 * z) + (10 * y) + x);

    private static float Voxel(Volume volume, int x, int y, int z) => volume.Voxels[(((z * volume.Geometry.Y) + y) * volume.Geometry.X) + x];

    private static PreparedVolume Prepared(SegConfig config, PatchSettings patches, params Volume[] channels) => PreparedVolume.From(
        [.. channels.Select(volume => SliceStack.Of(volume, SliceLayout.Parse(config.LoaderParameters.SliceAxis)))], config, patches);

    private static float[] Inputs(PreparedVolume prepared)
    {
        var size = prepared.Channels * prepared.Size.Count;
        var inputs = new float[prepared.Inputs * size];
        using var reader = prepared.NewReader();
        for (var i = 0; i < prepared.Inputs; i++)
            reader.Copy(i, inputs.AsSpan(i * size, size));
        return inputs;
    }

    private static Volume Restored(PreparedVolume prepared, float[] answers, int classes)
    {
        var size = classes * prepared.Size.Count;
        using var restorer = prepared.NewRestorer(classes);
        for (var i = 0; i < prepared.Inputs; i++)
            restorer.Add(i, answers.AsSpan(i * size, size));
        return restorer.ToVolume();
    }

    private static IEnumerable<double[]> Affines()
    {
        yield return [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
        yield return [-2, 0, 0, 10, 0, 0, 3, 5, 0, -1.5, 0, 7, 0, 0, 0, 1];
        yield return [0, 0, -1, 4, -2, 0, 0, 3, 0, 3, 0, -2, 0, 0, 0, 1];
    }
}
