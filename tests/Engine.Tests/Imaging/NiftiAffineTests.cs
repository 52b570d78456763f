using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Imaging;

public sealed class NiftiAffineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sform_goes_before_qform() => Equal(
        [-2, 0, 0, 10, 0, 3, 0, 20, 0, 0, 4, 30],
        new() { Sform = 2, Qform = 1, SRow = [-2, 0, 0, 10, 0, 3, 0, 20, 0, 0, 4, 30], PixDim = [1, 2, 3, 4, 1, 1, 1, 1], QOffset = [1, 2, 3] });

    [Fact]
    public void Qform_is_used_without_sform() => Equal(
        [2, 0, 0, 7, 0, 3, 0, 8, 0, 0, 4, 9], new() { Sform = 0, Qform = 1, PixDim = [1, 2, 3, 4, 1, 1, 1, 1], QOffset = [7, 8, 9] });

    [Theory]
    [InlineData(-1, -4)]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    public void Qfac_minus_one_turns_the_third_axis_and_zero_means_one(double qfac, double z) => Equal(
        [2, 0, 0, 0, 0, 3, 0, 0, 0, 0, z, 0], new() { Sform = 0, Qform = 1, PixDim = [qfac, 2, 3, 4, 1, 1, 1, 1] });

    [Fact]
    public void A_quarter_turn_about_z_is_read_from_the_quaternion() => Equal(
        [0, -3, 0, 0, 2, 0, 0, 0, 0, 0, 4, 0],
        new() { Version = 2, Sform = 0, Qform = 1, Quatern = [0, 0, Math.Sqrt(0.5)], PixDim = [1, 2, 3, 4, 1, 1, 1, 1] });

    [Fact]
    public void A_half_turn_with_rounding_is_made_a_unit_quaternion() => Equal(
        [-2, 0, 0, 0, 0, -3, 0, 0, 0, 0, 4, 0],
        new() { Sform = 0, Qform = 1, Quatern = [0, 0, 1.00001], PixDim = [1, 2, 3, 4, 1, 1, 1, 1] });

    [Fact]
    public void A_general_rotation_matches_the_formula_of_the_standard()
    {
        // b = c = d = 0.5 and a = 0.5: x → y → z → x.
        Equal([0, 0, 4, 0, 2, 0, 0, 0, 0, 3, 0, 0], new() { Sform = 0, Qform = 1, Quatern = [0.5, 0.5, 0.5], PixDim = [1, 2, 3, 4, 1, 1, 1, 1] });
    }

    [Fact]
    public void Without_codes_the_pixel_sizes_alone_count_and_it_is_found()
    {
        var builder = new NiftiBuilder { Sform = 0, Qform = 0, PixDim = [-1, 2, -3, 0, 1, 1, 1, 1], QOffset = [5, 5, 5] };
        Equal([2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1, 0], builder);
        Assert.Equal(["pixdim[2]", "pixdim[3]", "sform_code"], Info(builder).Findings.Select(f => f.Field));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1000)]
    [InlineData(2, 1)]
    [InlineData(3, 0.001)]
    [InlineData(2 | 8, 1)]
    public void Lengths_are_in_millimetres(int units, double scale)
    {
        Equal([2 * scale, 0, 0, 5 * scale, 0, 3 * scale, 0, 0, 0, 0, 4 * scale, 0],
            new() { Units = units, SRow = [2, 0, 0, 5, 0, 3, 0, 0, 0, 0, 4, 0] });
        Equal([2 * scale, 0, 0, 7 * scale, 0, 3 * scale, 0, 0, 0, 0, 4 * scale, 0],
            new() { Units = units, Sform = 0, Qform = 1, PixDim = [1, 2, 3, 4, 1, 1, 1, 1], QOffset = [7, 0, 0] });
    }

    [Fact]
    public void A_flat_sform_falls_back_to_the_qform_with_a_warning()
    {
        var builder = new NiftiBuilder { SRow = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], Qform = 1, PixDim = [1, 2, 3, 4, 1, 1, 1, 1] };
        Equal([2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0], builder);
        Assert.Contains(Info(builder).Findings, f => f.Field == "srow_x" && f.Severity == FindingSeverity.Warning);
    }

    [Theory]
    [InlineData("xyzt_units")]
    [InlineData("sform_code")]
    [InlineData("qform_code")]
    [InlineData("quatern_b")]
    [InlineData("bitpix")]
    [InlineData("vox_offset")]
    [InlineData("pixdim[2]")]
    public void What_can_be_read_in_one_way_only_is_a_finding(string field)
    {
        var builder = new NiftiBuilder();
        switch (field)
        {
            case "xyzt_units": builder.Units = 6; break;
            case "sform_code": builder.Sform = 77; break;
            case "qform_code": builder.Qform = -4; break;
            case "quatern_b": (builder.Sform, builder.Qform, builder.Quatern) = (0, 1, [2, 0, 0]); break;
            case "bitpix": (builder.BitPix, builder.Data) = (0, new byte[48]); break;
            case "vox_offset": builder.VoxOffset = 0; break;
            default: builder.PixDim[2] = 9; break;
        }

        var finding = Assert.Single(Info(builder).Findings);
        Assert.Equal(field, finding.Field);
        Assert.NotEmpty(finding.Recommendation);
    }

    private void Equal(double[] rows, NiftiBuilder builder)
    {
        var affine = Info(builder).Geometry.Affine;
        double[] expected = [.. rows, 0, 0, 0, 1];
        for (var i = 0; i < 16; i++)
            Assert.Equal(expected[i], affine[i], 1e-6);
    }

    private ImageInfo Info(NiftiBuilder builder)
    {
        var path = _folder.File("a.nii");
        File.WriteAllBytes(path, builder.File());
        return ImageFile.ReadInfo(path);
    }
}
