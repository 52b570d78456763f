using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Data;

public class PreparedVolumeTests
{
    [Theory]
    [InlineData("axial")]
    [InlineData("coronal")]
    [InlineData("sagittal")]
    public void What_is_not_transformed_comes_back_exactly_in_every_orientation(string axis)
    {
        foreach (var affine in Affines())
        {
            var grid = new VolumeGeometry(4, 5, 6, affine);
            var volume = DatasetOnDisk.Make(grid, (x, y, z) => (100 * z) + (10 * y) + x);
            var prepared = PreparedVolume.From(volume, new SegConfig { LoaderParameters = { SliceAxis = axis } });
            var back = Restored(prepared, Inputs(prepared), 1);
            Assert.Equal(volume.Voxels, back.Voxels);
            Assert.Equal(affine, back.Geometry.Affine);
        }
    }

    [Fact]
    public void Slices_that_were_not_predicted_are_zero_and_classes_are_channels()
    {
        var volume = DatasetOnDisk.Make(VolumeGeometry.Axial(3, 2, 4, 1, 1, 1), (_, _, _) => 5);
        var prepared = PreparedVolume.From(volume, Unfiltered());
        var restorer = prepared.NewRestorer(2);
        restorer.Add(2, [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
        var result = restorer.ToVolume();
        Assert.Equal(2, result.Channels);
        Assert.Equal((6, 12), (result.Channel(0).ToArray().Sum(), result.Channel(1).ToArray().Sum()));
        Assert.Equal([.. new float[12], 1, 1, 1, 1, 1, 1, .. new float[6]], result.Channel(0).ToArray());
    }

    [Fact]
    public void Resample_and_crop_are_undone_onto_the_same_grid()
    {
        var volume = DatasetOnDisk.Make(VolumeGeometry.Axial(40, 30, 2, 1, 1.5, 3), (x, y, _) => x is > 10 and < 30 && y is > 8 and < 20 ? 1 : 0);
        var config = new SegConfig
        {
            Transformation = [Config("Resample", ("hspace", 0.75), ("wspace", 0.75)), Config("CenterCrop", ("size", new[] { 44, 40 }))],
        };
        var prepared = PreparedVolume.From(volume, config);
        Assert.Equal((2, 1, 44, 40), (prepared.Slices, prepared.Channels, prepared.Size.H, prepared.Size.W));
        var back = Restored(prepared, Inputs(prepared), 1);
        Assert.Equal(volume.Geometry, back.Geometry);
        Assert.Equal(volume.Voxels.Sum(), back.Voxels.Count(v => v >= 0.5f), 20.0);
    }

    /// <summary>
    /// From the raw volume to what the reference network saw, and from what it answered back to the volume. The reference sets
    /// probabilities of at most 0.01 to 0; here they stay.
    /// </summary>
    [SharedFact]
    public void The_whole_way_there_and_back_agrees_with_the_reference()
    {
        var golden = Golden.Load("e2e_unet2d_learn");
        var c = Assert.Single(golden.Cases);
        var volume = ImageFile.Read(SharedFolder.File("data", "spine-mri", "sub-unf03", "anat", "sub-unf03_T2w.nii.gz"));
        var config = new SegConfig
        {
            Transformation =
            [
                Config("Resample", ("hspace", 0.75), ("wspace", 0.75), ("dspace", 1L)),
                Config("CenterCrop", ("size", new[] { 128, 128 })),
                Config("NormalizeInstance"),
            ],
        };
        var prepared = PreparedVolume.From(volume, config);
        var expected = c.Out("network_input").Floats();
        Near(expected, Inputs(prepared), 1e-4);
        var soft = Restored(prepared, c.Out("network_output").Floats(), 1);
        var reference = c.Out("soft_volume").Floats();
        for (var i = 0; i < reference.Length; i++)
        {
            // The figures are X×Y×Z row-major.
            var (x, y, z) = (i / (141 * 16), i / 16 % 141, i % 16);
            var found = soft.Voxels[(((z * 141) + y) * 131) + x];
            Assert.True(reference[i] == 0 ? found <= 0.0101f : Math.Abs(found - reference[i]) < 1e-5, $"voxel ({x}, {y}, {z}): {found} against {reference[i]}");
        }
    }

    [Theory]
    [InlineData("axial")]
    [InlineData("coronal")]
    [InlineData("sagittal")]
    public void Patches_that_overlap_come_back_exactly_as_their_mean(string axis)
    {
        foreach (var affine in Affines())
        {
            var volume = DatasetOnDisk.Make(new VolumeGeometry(7, 5, 6, affine), (x, y, z) => (100 * z) + (10 * y) + x);
            var prepared = Prepared(Unfiltered(axis), Patches(4, 3, 3, 2), volume);
            Assert.Equal((4, 3), (prepared.Size.H, prepared.Size.W));
            Assert.Equal(prepared.Slices * prepared.PatchesPerUnit, prepared.Inputs);
            Assert.Equal(volume.Voxels, Restored(prepared, Inputs(prepared), 1).Voxels);
        }
    }

    [Fact]
    public void Patches_are_cut_after_the_load_time_transforms_and_before_the_others()
    {
        var volume = DatasetOnDisk.Make(VolumeGeometry.Axial(4, 6, 1, 1, 1, 1), (x, y, _) => (10 * x) + y);
        var config = Unfiltered();
        config.Transformation = [Config("CenterCrop", ("size", new[] { 4, 4 })), Config("NormalizeInstance")];
        var inputs = Inputs(Prepared(config, Patches(2, 2, 2, 2), volume));
        for (var patch = 0; patch < 4; patch++)
        {
            // Each patch is normalised by itself, so that all are alike: (0, 1, 10, 11) minus 5.5, over the root of 25.25.
            Near([-1.09454f, -0.89554f, 0.89554f, 1.09454f], inputs.AsSpan(4 * patch, 4), 1e-4);
        }
    }

    [Fact]
    public void A_patch_larger_than_the_slices_is_refused()
    {
        var volume = DatasetOnDisk.Make(VolumeGeometry.Axial(4, 6, 1, 1, 1, 1), (x, _, _) => x);
        var error = Assert.Throws<SegException>(() => Prepared(new SegConfig(), Patches(5, 2, 1, 1), volume));
        Assert.Equal("PatchTooLarge", error.ErrorId);
    }

    [Theory]
    [InlineData(true, new[] { 0, 3 })]
    [InlineData(false, new[] { 0, 1, 2, 3 })]
    public void Slices_with_a_constant_channel_are_no_inputs_if_the_filter_is_on(bool filter, int[] kept)
    {
        var grid = VolumeGeometry.Axial(3, 2, 4, 1, 1, 1);
        var first = DatasetOnDisk.Make(grid, (x, _, z) => z == 1 ? 5 : x);
        var second = DatasetOnDisk.Make(grid, (x, _, z) => z == 2 ? 0 : x);
        var config = Unfiltered();
        config.LoaderParameters.SliceFilterParams.FilterEmptyInput = filter;
        config.LoaderParameters.SliceFilterParams.FilterEmptyMask = true;
        var prepared = Prepared(config, Whole, first, second);
        Assert.Equal(kept, Enumerable.Range(0, prepared.Inputs).Select(i => prepared.InputAt(i).Unit));
        var ones = Enumerable.Repeat(1f, prepared.Inputs * 6).ToArray();
        var found = Restored(prepared, ones, 1);
        for (var z = 0; z < 4; z++)
            Assert.Equal(kept.Contains(z) ? 6 : 0, found.Voxels.AsSpan(z * 6, 6).ToArray().Sum());
    }

    [Fact]
    public void Channels_of_different_orientation_lie_on_each_other()
    {
        var first = DatasetOnDisk.Make(VolumeGeometry.Axial(4, 3, 2, 1, 1, 1), (x, y, z) => (100 * z) + (10 * y) + x);
        var flipped = DatasetOnDisk.Make(
            new VolumeGeometry(4, 3, 2, [-1, 0, 0, 3, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]), (x, y, z) => (100 * z) + (10 * y) + 3 - x);
        var prepared = Prepared(new SegConfig(), Whole, first, flipped);
        Assert.Equal((2, 2), (prepared.Channels, prepared.Inputs));
        var inputs = Inputs(prepared);
        Assert.Equal(inputs[..12], inputs[12..24]);
    }

    [Fact]
    public void Each_slice_is_cropped_around_its_own_region_and_comes_back_there()
    {
        var grid = VolumeGeometry.Axial(9, 9, 3, 1, 1, 1);
        var image = DatasetOnDisk.Make(grid, (x, y, z) => (100 * z) + (10 * y) + x);
        var roi = DatasetOnDisk.Make(grid, (x, y, z) => z < 2 && x == 2 + (4 * z) && y == 3 + z ? 1 : 0);
        var config = new SegConfig { Transformation = [Config("ROICrop", ("size", new[] { 4, 4 }))] };
        var stack = SliceStack.Of(image, SliceAxis.Axial);
        var prepared = PreparedVolume.From([stack], config, Whole, SliceStack.Of(roi, SliceAxis.Axial));
        var inputs = Inputs(prepared);

        // The centres of the crops: the region, and the middle of the slice that has none.
        Assert.Equal([32, 146, 244], [inputs[10], inputs[26], inputs[42]]);
        var back = Restored(prepared, inputs, 1);
        Assert.Equal(48, back.Voxels.Count(v => v != 0));
        Assert.All(back.Voxels.Select((value, i) => (value, i)), voxel => Assert.True(voxel.value == 0 || voxel.value == image.Voxels[voxel.i]));
    }

    [Fact]
    public void Without_a_region_the_middle_is_taken()
    {
        var image = DatasetOnDisk.Make(VolumeGeometry.Axial(9, 9, 1, 1, 1, 1), (x, y, _) => (10 * y) + x);
        var config = new SegConfig { Transformation = [Config("ROICrop", ("size", new[] { 3, 3 }))] };
        var prepared = Prepared(config, Whole, image);
        Assert.Equal(44, Inputs(prepared)[4]);
    }

    private static readonly PatchSettings Whole = new(false, null, null, "");

    private static PatchSettings Patches(int height, int width, int strideH, int strideW) =>
        new(false, new GridSize(height, width), new GridSize(strideH, strideW), "length_2D");

    private static PreparedVolume Prepared(SegConfig config, PatchSettings patches, params Volume[] channels) => PreparedVolume.From(
        [.. channels.Select(volume => SliceStack.Of(volume, SliceLayout.Parse(config.LoaderParameters.SliceAxis)))], config, patches);

    private static SegConfig Unfiltered(string axis = "axial") =>
        new() { LoaderParameters = { SliceAxis = axis, SliceFilterParams = { FilterEmptyInput = false } } };

    private static float[] Inputs(PreparedVolume prepared)
    {
        var size = prepared.Channels * prepared.Size.Count;
        var inputs = new float[prepared.Inputs * size];
        var reader = prepared.NewReader();
        for (var i = 0; i < prepared.Inputs; i++)
            reader.Copy(i, inputs.AsSpan(i * size, size));
        return inputs;
    }

    private static Volume Restored(PreparedVolume prepared, float[] answers, int classes)
    {
        var size = classes * prepared.Size.Count;
        var restorer = prepared.NewRestorer(classes);
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
