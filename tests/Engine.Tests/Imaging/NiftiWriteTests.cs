using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Imaging;

public sealed class NiftiWriteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.nii", NiftiDataType.Float32)]
    [InlineData("a.nii.gz", NiftiDataType.Float32)]
    [InlineData("a.nii", NiftiDataType.Int16)]
    [InlineData("a.nii.gz", NiftiDataType.Int16)]
    [InlineData("a.nii", NiftiDataType.UInt8)]
    [InlineData("A.NII.GZ", NiftiDataType.UInt8)]
    public void Written_volumes_read_back(string name, NiftiDataType type)
    {
        var volume = Volume(5, 4, 3, channels: 2);
        NiftiFile.Write(_folder.File(name), volume, type);
        var back = ImageFile.Read(_folder.File(name));
        Assert.Equal(volume.Voxels, back.Voxels);
        Assert.Equal(2, back.Channels);
        Assert.Equal(volume.Geometry.Affine, back.Geometry.Affine);
        Assert.Empty(ImageFile.ReadInfo(_folder.File(name)).Findings);
    }

    [Fact]
    public void Integers_are_rounded_and_clamped_and_NaN_is_zero()
    {
        float[] values = [-40000, -1.5f, -0.4f, 0.5f, 1.5f, 2.6f, 254.6f, 1e9f, float.NaN, float.NegativeInfinity];
        var volume = new Volume(values, VolumeGeometry.Axial(10, 1, 1, 1, 1, 1));
        NiftiFile.Write(_folder.File("a.nii"), volume, NiftiDataType.UInt8);
        Assert.Equal([0, 0, 0, 0, 2, 3, 255, 255, 0, 0], ImageFile.Read(_folder.File("a.nii")).Voxels);
        NiftiFile.Write(_folder.File("a.nii"), volume, NiftiDataType.Int16);
        Assert.Equal([-32768, -2, 0, 0, 2, 3, 255, 32767, 0, -32768], ImageFile.Read(_folder.File("a.nii")).Voxels);
    }

    [Fact]
    public void The_same_volume_gives_the_same_bytes_without_time_or_platform()
    {
        var volume = Volume(40, 30, 20, channels: 1);
        NiftiFile.Write(_folder.File("a.nii.gz"), volume, NiftiDataType.Float32);
        NiftiFile.Write(_folder.File("b.nii.gz"), volume, NiftiDataType.Float32);
        var bytes = File.ReadAllBytes(_folder.File("a.nii.gz"));
        Assert.Equal(bytes, File.ReadAllBytes(_folder.File("b.nii.gz")));
        Assert.Equal([0x1f, 0x8b, 8, 0, 0, 0, 0, 0], bytes[..8]);
        Assert.Equal(255, bytes[9]);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void The_reference_keeps_its_position_codes_units_and_description(int version, bool bigEndian)
    {
        var reference = new NiftiBuilder
        {
            Version = version, BigEndian = bigEndian, Units = 3 | 8, Qform = 3, Sform = 4, Quatern = [0.1, 0.2, 0.3], QOffset = [1.1, 2.2, 3.3],
            SRow = [100, 20, 3, 1, -20, 100, 5, 2, 0, 1, 100, 3], PixDim = [-1, 102, 101, 100, 2, 1, 1, 1], Extension = [1, 0, 0, 0, .. new byte[16]],
        };
        File.WriteAllBytes(_folder.File("reference.nii"), reference.File());
        var geometry = ImageFile.ReadInfo(_folder.File("reference.nii")).Geometry;
        NiftiFile.Write(_folder.File("a.nii"), new Volume(new float[24], geometry), NiftiDataType.UInt8, _folder.File("reference.nii"));
        var (was, now) = (Header("reference.nii"), Header("a.nii"));
        Assert.Equal(was.SRow, now.SRow);
        Assert.Equal(was.Quatern, now.Quatern);
        Assert.Equal(was.QOffset, now.QOffset);
        Assert.Equal(was.PixDim[..4], now.PixDim[..4]);
        Assert.Equal(was.Descrip, now.Descrip);
        Assert.Equal((was.Version, 3, 4, 11), (now.Version, now.QformCode, now.SformCode, now.XyztUnits));
        Assert.Equal((false, 2, 8, 1.0), (now.BigEndian, now.DataType, now.BitPix, now.SclSlope));
        Assert.Equal(geometry.Affine, ImageFile.ReadInfo(_folder.File("a.nii")).Geometry.Affine);
        Assert.Equal((version == 1 ? 352 : 544) + 24, new FileInfo(_folder.File("a.nii")).Length);
    }

    [Fact]
    public void A_reference_on_another_grid_gives_its_description_only()
    {
        File.WriteAllBytes(_folder.File("reference.nii"), new NiftiBuilder { SRow = [9, 0, 0, 0, 0, 9, 0, 0, 0, 0, 9, 0] }.File());
        var volume = Volume(5, 4, 3, channels: 1);
        NiftiFile.Write(_folder.File("a.nii"), volume, NiftiDataType.Float32, _folder.File("reference.nii"));
        Assert.Equal(volume.Geometry.Affine, ImageFile.ReadInfo(_folder.File("a.nii")).Geometry.Affine);
        Assert.Equal(Header("reference.nii").Descrip, Header("a.nii").Descrip);
    }

    [Fact]
    public void Flat_references_stay_flat()
    {
        File.WriteAllBytes(_folder.File("reference.nii"), new NiftiBuilder { Dim = [2, 4, 6, 1, 1, 1, 1, 1] }.File());
        NiftiFile.Write(_folder.File("a.nii"), ImageFile.Read(_folder.File("reference.nii")), NiftiDataType.Int16, _folder.File("reference.nii"));
        Assert.Equal([2, 4, 6, 1, 1, 1, 1, 1], Header("a.nii").Dim);
    }

    [Fact]
    public void Axes_too_long_for_version_1_are_written_as_version_2()
    {
        var volume = new Volume(new float[40000], VolumeGeometry.Axial(40000, 1, 1, 0.1, 0.1, 0.1));
        NiftiFile.Write(_folder.File("a.nii.gz"), volume, NiftiDataType.UInt8);
        Assert.Equal((2, 40000L), (Header("a.nii.gz").Version, Header("a.nii.gz").Dim[1]));
        Assert.Equal(volume.Geometry.Affine, ImageFile.Read(_folder.File("a.nii.gz")).Geometry.Affine);
    }

    [Fact]
    public void Pictures_as_reference_are_ignored_and_other_names_are_refused()
    {
        var volume = Volume(2, 2, 2, channels: 1);
        NiftiFile.Write(_folder.File("a.nii"), volume, NiftiDataType.UInt8, _folder.File("absent.png"));
        var error = Assert.Throws<SegException>(() => NiftiFile.Write(_folder.File("a.mgz"), volume, NiftiDataType.UInt8));
        Assert.Equal("ImageFormatUnknown", error.ErrorId);
    }

    private NiftiHeader Header(string name) => NiftiReader.ReadHeader(_folder.File(name)).Layout.Header;

    private static Volume Volume(int x, int y, int z, int channels)
    {
        var voxels = Enumerable.Range(0, x * y * z * channels).Select(i => (float)(i % 256)).ToArray();
        return new(voxels, new VolumeGeometry(x, y, z, [0, -2, 0, 5, 3, 0, 0, 6, 0, 0, 0.5, 7, 0, 0, 0, 1]), channels);
    }
}
