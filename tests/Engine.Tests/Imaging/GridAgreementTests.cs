using MedSeg.Engine.Imaging;
using Xunit;

namespace MedSeg.Engine.Tests.Imaging;

public class GridAgreementTests
{
    /// <summary>Thick slices: what is little of a slice is much of a pixel.</summary>
    private static readonly VolumeGeometry Thick = VolumeGeometry.Axial(20, 20, 5, 4, 4, 24);

    [Theory]
    [InlineData(0, 10, false)]
    [InlineData(1, 2.1, false)]
    [InlineData(1, 1.9, true)]
    [InlineData(2, 11, true)]
    [InlineData(2, 13, false)]
    public void Each_axis_counts_in_its_own_voxels(int axis, double shift, bool agree)
    {
        var affine = (double[])Thick.Affine.Clone();
        affine[(4 * axis) + 3] += shift;
        Assert.Equal(agree, GridAgreement.Difference(Thick, Thick with { Affine = affine }) is null);
    }

    [Fact]
    public void Voxels_of_a_turned_grid_are_counted_along_its_own_axes()
    {
        var turned = new VolumeGeometry(10, 10, 10, [0, 0, 6, 1, -2, 0, 0, 2, 0, 3, 0, 3, 0, 0, 0, 1]);
        var moved = turned with { Affine = [0, 0, 6, 1, -2, 0, 0, 2, 0, 3, 0, 6, 0, 0, 0, 1] };
        Assert.Equal("up to 0, 1, 0 voxels along its axes", GridAgreement.Difference(turned, moved));
    }

    [Fact]
    public void A_little_larger_voxels_add_up_to_the_far_corner()
    {
        var wider = Thick with { Affine = [4.2, 0, 0, 0, 0, 4, 0, 0, 0, 0, 24, 0, 0, 0, 0, 1] };
        Assert.Equal("up to 0.95, 0, 0 voxels along its axes", GridAgreement.Difference(Thick, wider));
    }

    [Fact]
    public void What_is_no_number_does_not_agree() =>
        Assert.NotNull(GridAgreement.Difference(Thick, Thick with { Affine = [4, 0, 0, double.NaN, 0, 4, 0, 0, 0, 0, 24, 0, 0, 0, 0, 1] }));

    [Fact]
    public void Sizes_are_compared_by_axis() => Assert.False(GridAgreement.SameSize(Thick, Thick with { X = 5, Z = 20 }));
}
