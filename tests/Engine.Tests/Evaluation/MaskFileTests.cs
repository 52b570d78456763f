using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Evaluation;

public sealed class MaskFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingObserver _observer = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Volumes_are_measured_with_the_voxel_sizes_of_the_header()
    {
        var grid = VolumeGeometry.Axial(6, 6, 6, 1, 2, 3);
        var m = Measure(Nifti("p.nii.gz", Masks.Cube(grid, 1, 4, 1), grid), Nifti("g.nii", Masks.Cube(grid, 1, 4), grid));
        Assert.Equal(27 * 6, m.PredictionVolume, 6);
        Assert.Equal(36.0 / 54, m.Dice, 12);
        Assert.Equal(1, m.Hausdorff, 6);
        Assert.Equal(("image", "sub-01", "T2w", "cord"), (m.ImageId, m.Subject, m.Contrast, m.Class));
    }

    [Theory]
    [InlineData("p", 0.5e-3 * 4)]
    [InlineData("g", 0.5e-3 * 4)]
    [InlineData(null, 4)]
    public void Pixel_sizes_come_from_a_sidecar_or_are_one_millimetre(string? sidecarOf, double distance)
    {
        var p = Png("p.png", 2);
        var g = Png("g.png", 6);
        if (sidecarOf is not null)
            File.WriteAllText(Path.Combine(_folder.Path, sidecarOf + ".json"), """{ "PixelSize": [0.5, 0.25], "PixelSizeUnits": "um" }""");
        Assert.Equal(distance, Measure(p, g).Hausdorff, 9);
        if (sidecarOf is null)
            Assert.Contains("p.png' has no PixelSize", Assert.Single(_observer.Warnings), StringComparison.Ordinal);
        else
            Assert.Empty(_observer.Warnings);
    }

    [Fact]
    public void Pictures_are_cut_at_half_of_255()
    {
        byte[] dark = [127, 1, 0, 0], bright = [128, 255, 0, 0];
        var p = _folder.File("p.png");
        var g = _folder.File("g.png");
        PngFile.WriteGray(p, dark, 2, 2);
        PngFile.WriteGray(g, bright, 2, 2);
        var m = Measure(p, g);
        Assert.Equal((0, 2), (m.PredictionVolume, m.ReferenceVolume));
    }

    [Fact]
    public void Sizes_must_be_equal()
    {
        var small = VolumeGeometry.Axial(4, 4, 4, 1, 1, 1);
        var large = VolumeGeometry.Axial(4, 4, 5, 1, 1, 1);
        var error = Assert.Throws<SegException>(
            () => Measure(Nifti("p.nii", Masks.Cube(small, 1, 2), small), Nifti("g.nii", Masks.Cube(large, 1, 2), large)));
        Assert.Equal("MaskShapeMismatch", error.ErrorId);
        Assert.Contains("4×4×5", error.Message, StringComparison.Ordinal);
        Assert.Contains("g.nii", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.4, true)]
    [InlineData(0.6, false)]
    public void Grids_must_lie_in_one_place(double shift, bool accepted)
    {
        var grid = VolumeGeometry.Axial(4, 4, 4, 1, 1, 1);
        var moved = grid with { Affine = [1, 0, 0, shift, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
        var p = Nifti("p.nii", Masks.Cube(grid, 1, 2), grid);
        var g = Nifti("g.nii", Masks.Cube(grid, 1, 2), moved);
        if (accepted)
            Assert.Equal(1, Measure(p, g).Dice);
        else
            Assert.Equal("MaskGridMismatch", Assert.Throws<SegException>(() => Measure(p, g)).ErrorId);
    }

    [Fact]
    public void A_flipped_reference_is_not_compared()
    {
        var grid = VolumeGeometry.Axial(4, 4, 4, 1, 1, 1);
        var flipped = grid with { Affine = [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
        var p = Nifti("p.nii", Masks.Cube(grid, 1, 2), grid);
        Assert.Equal("MaskGridMismatch", Assert.Throws<SegException>(() => Measure(p, Nifti("g.nii", Masks.Cube(grid, 1, 2), flipped))).ErrorId);
    }

    [Fact]
    public void A_reference_may_store_its_axes_in_another_order()
    {
        var grid = VolumeGeometry.Axial(4, 5, 6, 1, 2, 3);
        var other = new VolumeGeometry(6, 4, 5, [0, -1, 0, 3, 0, 0, 2, 0, 3, 0, 0, 0, 0, 0, 0, 1]);
        var (p, g) = (new float[grid.VoxelCount], new float[grid.VoxelCount]);
        p[((3 * 5) + 1) * 4] = g[(((1 * 4) + 3) * 6) + 3] = 1;
        var m = Measure(Nifti("p.nii", p, grid), Nifti("g.nii", g, other));
        Assert.Equal((1, 6), (m.Dice, m.ReferenceVolume));
    }

    [Fact]
    public void A_mask_has_one_channel()
    {
        var grid = VolumeGeometry.Axial(2, 2, 2, 1, 1, 1);
        var path = _folder.File("two.nii");
        NiftiFile.Write(path, new Volume(new float[16], grid, 2), NiftiDataType.UInt8);
        Assert.Equal("MaskHasChannels", Assert.Throws<SegException>(() => Measure(path, path)).ErrorId);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<SegException>(() => Measure(_folder.File("none.nii"), _folder.File("none.nii")));
        Assert.Equal(("MaskNotFound", SegErrorKind.NotFound), (error.ErrorId, error.Kind));
        Assert.Contains("none.nii", error.Message, StringComparison.Ordinal);
    }

    private SegMetrics Measure(string prediction, string reference) =>
        SegEngine.Measure(new(prediction, reference, "image", "sub-01", "T2w", "cord"), _observer, CancellationToken.None);

    private string Nifti(string name, float[] mask, VolumeGeometry grid)
    {
        var path = _folder.File(name);
        NiftiFile.Write(path, new Volume(mask, grid), NiftiDataType.UInt8);
        return path;
    }

    /// <summary>10×10 pixels, one of them white, in the third row.</summary>
    private string Png(string name, int column)
    {
        var pixels = new byte[100];
        pixels[20 + column] = 255;
        var path = _folder.File(name);
        PngFile.WriteGray(path, pixels, 10, 10);
        return path;
    }
}
