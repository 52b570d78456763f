using MedSeg.Engine.Data;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
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
            var slices = new float[prepared.Slices * prepared.Height * prepared.Width];
            for (var d = 0; d < prepared.Slices; d++)
                prepared.CopySlice(d, slices.AsSpan(d * prepared.Height * prepared.Width, prepared.Height * prepared.Width));
            var back = prepared.Restore(slices, 1);
            Assert.Equal(volume.Voxels, back.Voxels);
            Assert.Equal(affine, back.Geometry.Affine);
        }
    }

    [Fact]
    public void Slices_that_were_not_predicted_are_zero_and_classes_are_channels()
    {
        var volume = DatasetOnDisk.Make(VolumeGeometry.Axial(3, 2, 4, 1, 1, 1), (_, _, _) => 5);
        var prepared = PreparedVolume.From(volume, new SegConfig());
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
        Assert.Equal((2, 1, 44, 40), (prepared.Slices, prepared.Channels, prepared.Height, prepared.Width));
        var slices = new float[2 * 44 * 40];
        prepared.CopySlice(0, slices.AsSpan(0, 44 * 40));
        prepared.CopySlice(1, slices.AsSpan(44 * 40, 44 * 40));
        var back = prepared.Restore(slices, 1);
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
        var slice = new float[128 * 128];
        for (var d = 0; d < 16; d++)
        {
            prepared.CopySlice(d, slice);
            Near(expected.AsSpan(d * slice.Length, slice.Length), slice, 1e-4);
        }

        var soft = prepared.Restore(c.Out("network_output").Floats(), 1);
        var reference = c.Out("soft_volume").Floats();
        for (var i = 0; i < reference.Length; i++)
        {
            // The figures are X×Y×Z row-major.
            var (x, y, z) = (i / (141 * 16), i / 16 % 141, i % 16);
            var found = soft.Voxels[(((z * 141) + y) * 131) + x];
            Assert.True(reference[i] == 0 ? found <= 0.0101f : Math.Abs(found - reference[i]) < 1e-5, $"voxel ({x}, {y}, {z}): {found} against {reference[i]}");
        }
    }

    private static IEnumerable<double[]> Affines()
    {
        yield return [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
        yield return [-2, 0, 0, 10, 0, 0, 3, 5, 0, -1.5, 0, 7, 0, 0, 0, 1];
        yield return [0, 0, -1, 4, -2, 0, 0, 3, 0, 3, 0, -2, 0, 0, 0, 1];
    }
}
