using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Imaging;

/// <summary>Every image of the shared data, and what its README says about them.</summary>
public class SampleImagesTests
{
    private static readonly Dictionary<string, object?> Metadata = new() { ["PixelSize"] = new object?[] { 0.1, 0.2 }, ["PixelSizeUnits"] = "um" };

    [SharedFact]
    public void Every_file_reads_and_its_header_agrees_with_its_voxels()
    {
        var count = 0;
        foreach (var path in Directory.EnumerateFiles(SharedFolder.File("data"), "*", SearchOption.AllDirectories))
        {
            if (ImageFile.ExtensionOf(path).Length == 0)
                continue;
            var info = ImageFile.ReadInfo(path, Metadata);
            var volume = ImageFile.Read(path, Metadata);
            Assert.Equal(info.Geometry with { Affine = [] }, volume.Geometry with { Affine = [] });
            Assert.Equal(info.Geometry.Affine, volume.Geometry.Affine);
            Assert.Equal(info.Channels, volume.Channels);
            Assert.All(volume.Voxels, v => Assert.True(float.IsFinite(v)));
            count++;
        }

        Assert.True(count >= 147, $"only {count} images");
    }

    [SharedTheory]
    [InlineData("T1w")]
    [InlineData("T2w")]
    [InlineData("T2star")]
    public void Spine_images_are_131_141_16_of_1_mm_float32_RAS(string contrast)
    {
        var path = SharedFolder.File("data", "spine-mri", "sub-unf01", "anat", $"sub-unf01_{contrast}.nii.gz");
        var info = ImageFile.ReadInfo(path);
        Assert.Equal((131, 141, 16, 1), (info.Geometry.X, info.Geometry.Y, info.Geometry.Z, info.Channels));
        Assert.Equal(("float32", "RAS"), (info.DataType, info.Orientation));
        var (x, y, z) = info.Geometry.Spacing;
        Assert.Equal((1, 1, 1), (Math.Round(x, 5), Math.Round(y, 5), Math.Round(z, 5)));
    }

    [SharedTheory]
    [InlineData("spine-mri", "T1w_seg-manual", 1227, 1)]
    [InlineData("spine-mri", "T1w_lesion-manual", 81, 1)]
    [InlineData("spine-mri", "T2w_lesion-manual", 141, 1)]
    [InlineData("spine-mri", "T2star_lesion-manual", 90, 1)]
    [InlineData("spine-mri", "T2w_labels-disc-manual", 1, 3)]
    public void Labels_have_the_known_number_of_voxels(string set, string name, int voxels, float value)
    {
        var volume = ImageFile.Read(SharedFolder.File("data", set, "derivatives", "labels", "sub-unf01", "anat", $"sub-unf01_{name}.nii.gz"));
        Assert.Equal(voxels, volume.Voxels.Count(v => v != 0));
        Assert.Equal(value, volume.Voxels.Max());
    }

    [SharedTheory]
    [InlineData("sub-unf02_T1w", 19, 26, 32, "float64")]
    [InlineData("sub-unf02_T2w", 6, 32, 32, "float64")]
    [InlineData("sub-unf02_T2star", 45, 45, 2, "int16")]
    public void Odd_volumes_have_the_known_size_and_type(string name, int x, int y, int z, string type)
    {
        var info = ImageFile.ReadInfo(SharedFolder.File("data", "loader-cases", "sub-unf02", "anat", name + ".nii.gz"));
        Assert.Equal((x, y, z, type), (info.Geometry.X, info.Geometry.Y, info.Geometry.Z, info.DataType));
        var sizes = info.Geometry.Spacing;
        Assert.InRange(Math.Max(sizes.X, Math.Max(sizes.Y, sizes.Z)), 5, 37.51);
    }

    [SharedFact]
    public void One_odd_volume_is_LAS_and_Undo_brings_it_back()
    {
        var path = SharedFolder.File("data", "loader-cases", "sub-unf02", "anat", "sub-unf02_T2star.nii.gz");
        Assert.Equal("LAS", ImageFile.ReadInfo(path).Orientation);
        var volume = ImageFile.Read(path);
        var map = Orientation.ToRas(volume.Geometry.Affine);
        Assert.Equal(volume.Voxels, Orientation.Undo(Orientation.Apply(volume, map), map, volume.Geometry).Voxels);
    }

    [SharedFact]
    public void The_colour_volume_has_three_channels()
    {
        var info = ImageFile.ReadInfo(SharedFolder.File("data", "loader-cases", "rgb_test_file.nii.gz"));
        Assert.Equal((10, 10, 4, 3, "rgb24"), (info.Geometry.X, info.Geometry.Y, info.Geometry.Z, info.Channels, info.DataType));
    }

    [SharedFact]
    public void Rewriting_a_real_image_keeps_its_header_and_voxels()
    {
        using var folder = new TemporaryFolder();
        var path = SharedFolder.File("data", "spine-mri", "sub-unf01", "anat", "sub-unf01_T2w.nii.gz");
        var volume = ImageFile.Read(path);
        NiftiFile.Write(folder.File("copy.nii.gz"), volume, NiftiDataType.Float32, path);
        var copy = ImageFile.Read(folder.File("copy.nii.gz"));
        Assert.Equal(volume.Voxels, copy.Voxels);
        Assert.Equal(volume.Geometry.Affine, copy.Geometry.Affine);
        var (was, now) = (NiftiReader.ReadHeader(path).Layout.Header, NiftiReader.ReadHeader(folder.File("copy.nii.gz")).Layout.Header);
        Assert.Equal((was.QformCode, was.SformCode, was.XyztUnits), (now.QformCode, now.SformCode, now.XyztUnits));
        Assert.Equal(was.Descrip, now.Descrip);
        Assert.Equal(was.SRow, now.SRow);
        Assert.Equal(was.Quatern, now.Quatern);
    }
}
