using MedSeg.Engine.Imaging;
using Xunit;

namespace MedSeg.Engine.Tests;

public class VolumeTests
{
    [Fact]
    public void Spacing_is_the_length_of_the_affine_columns()
    {
        var geometry = new VolumeGeometry(2, 3, 4, [0, -2, 0, 5, 3, 0, 0, 6, 0, 0, 0.5, 7, 0, 0, 0, 1]);
        Assert.Equal((3, 2, 0.5), geometry.Spacing);
        Assert.Equal(3, geometry.VoxelVolume, 12);
    }

    [Fact]
    public void Voxels_must_fill_the_grid() =>
        Assert.Throws<ArgumentException>(() => new Volume(new float[23], VolumeGeometry.Axial(2, 3, 4, 1, 1, 1)));
}
