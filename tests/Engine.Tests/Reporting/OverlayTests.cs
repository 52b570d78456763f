using MedSeg.Engine.Imaging;
using MedSeg.Engine.Reporting;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Reporting;

public sealed class OverlayTests : IDisposable
{
    private static readonly VolumeGeometry s_grid = VolumeGeometry.Axial(8, 10, 6, 1, 1, 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Volumes_are_shown_with_the_right_on_the_left_and_anterior_on_top()
    {
        // A voxel far to the right (large x) and anterior (large y).
        var canvas = Draw(s_grid, SliceAxis.Axial, Class(Voxel(7, 9, 2), null));
        Assert.True(IsTinted(canvas, 40, 40));
        Assert.False(IsTinted(canvas, 40, 600));
        Assert.False(IsTinted(canvas, 760, 40));
        Assert.Equal(Math.Round(800 * 8 / 10.0), canvas.Width);
    }

    [Theory]
    [InlineData((int)SliceAxis.Coronal, 7, 3, 5)]
    [InlineData((int)SliceAxis.Sagittal, 3, 9, 5)]
    public void Superior_is_on_top(int axis, int x, int y, int z) =>
        Assert.True(IsTinted(Draw(s_grid, (SliceAxis)axis, Class(Voxel(x, y, z), null)), 40, 40));

    [Fact]
    public void Pictures_are_shown_as_they_are()
    {
        var grid = VolumeGeometry.Axial(4, 8, 1, 1, 1, 1); // 4 rows, 8 columns.
        var mask = new float[32];
        mask[(7 * 4) + 0] = 1; // Row 0, column 7.
        var canvas = Overlay.Draw(
            new(new(new float[32], grid), [new("c", new(mask, grid), null)], IsPicture: true), SliceAxis.Axial, Request(), CancellationToken.None);
        Assert.Equal(800, canvas.Width);
        Assert.True(IsTinted(canvas, 10, 790));
        Assert.False(IsTinted(canvas, 10, 10));
    }

    [Fact]
    public void Pixels_are_square_whatever_the_voxels_are()
    {
        var (rows, columns) = OverlayTile.SizeOf(new(0, 0, 10, 20), (3, 0.5), 600);
        Assert.Equal((600, 200), (rows, columns));
    }

    [Fact]
    public void The_prediction_is_a_tint_and_the_reference_a_line_in_the_same_colour()
    {
        var cube = Evaluation.Masks.Where(s_grid, (x, y, z) => x is > 1 and < 6 && y is > 1 and < 8 && z == 2);
        var tint = Draw(s_grid, SliceAxis.Axial, Class(cube, null));
        var line = Draw(s_grid, SliceAxis.Axial, Class(null, cube));
        Assert.Equal(default(Rgb).Under(Palette.Of(0), 0.4), tint[400, 320]);
        Assert.Equal(default, line[400, 320]);
        Assert.Equal(Palette.Of(0), line[161, 320]);
        Assert.Equal(default, line[157, 320]);
    }

    [Fact]
    public void Each_class_has_its_colour()
    {
        var canvas = Draw(s_grid, SliceAxis.Axial, Class(Voxel(7, 9, 2), null), Class(Voxel(0, 0, 2), null));
        Assert.Equal(default(Rgb).Under(Palette.Of(0), 0.4), canvas[40, 60]);
        Assert.Equal(default(Rgb).Under(Palette.Of(1), 0.4), canvas[780, 620]);
        Assert.Equal(7, Enumerable.Range(0, 7).Select(Palette.Of).Distinct().Count());
    }

    [Fact]
    public void The_slice_with_the_largest_reference_is_taken_else_prediction_else_the_middle()
    {
        var two = Evaluation.Masks.Where(s_grid, (x, _, z) => z == 4 && x < 2);
        Assert.Equal([2], Choose(Request(), Class(two, Voxel(1, 1, 2))));
        Assert.Equal([4], Choose(Request(), Class(two, null), Class(Voxel(1, 1, 1), null)));
        Assert.Equal([3], Choose(Request(), Class(new float[480], null)));
        Assert.Equal([5], Choose(Request() with { Slice = 5 }, Class(two, null)));
    }

    [Fact]
    public void Several_slices_are_spread_over_those_with_a_mask()
    {
        var all = Evaluation.Masks.Where(s_grid, (x, y, z) => (x, y) == (1, 1) && z > 0);
        Assert.Equal([1, 3, 5], Choose(Request() with { Slices = 3 }, Class(all, null)));
        Assert.Equal([1, 2, 3, 4, 5], Choose(Request() with { Slices = 9 }, Class(all, null)));
        Assert.Equal([2, 4], Choose(Request() with { Slices = 9 }, Class(Voxel(1, 1, 2), Voxel(1, 1, 4))));
    }

    [Fact]
    public void A_slice_outside_the_image_is_an_error()
    {
        var error = Assert.Throws<SegException>(() => Choose(Request() with { Slice = 6 }, Class(Voxel(1, 1, 1), null)));
        Assert.Equal("SliceOutOfRange", error.ErrorId);
        Assert.Contains("6 axial slices", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cropping_keeps_the_masks_and_their_surroundings()
    {
        var view = new OverlayView(VolumeGeometry.Axial(100, 100, 1, 1, 1, 1), SliceAxis.Axial, isPicture: true);
        var mask = new float[10000];
        mask[(40 * 100) + 50] = mask[(60 * 100) + 55] = 1;
        Assert.Equal(new ViewWindow(30, 40, 41, 26), view.Around([new(mask, 100, 100)]));
        Assert.Equal(view.Everything, view.Around([new(new float[10000], 100, 100)]));
    }

    [Fact]
    public void Gray_ignores_values_that_are_not_numbers()
    {
        var voxels = Enumerable.Range(0, 480).Select(i => (float)i).ToArray();
        voxels[0] = float.NaN;
        voxels[1] = float.PositiveInfinity;
        var input = new OverlayInput(new(voxels, s_grid), [Class(Voxel(1, 1, 1), null)], false);
        Assert.NotEqual(default, Overlay.Draw(input, SliceAxis.Axial, Request() with { Slice = 0 }, CancellationToken.None)[40, 40]);
    }

    [Fact]
    public void Files_are_drawn_into_one_picture_and_the_same_files_give_the_same_bytes()
    {
        var image = _folder.File("sub-01_T2w.nii.gz");
        var mask = _folder.File("mask.nii");
        NiftiFile.Write(image, new(Enumerable.Range(0, 480).Select(i => (float)i).ToArray(), s_grid), NiftiDataType.Int16);
        NiftiFile.Write(mask, new(Voxel(3, 3, 3), s_grid), NiftiDataType.UInt8);
        string[] outputs = [_folder.File("new", "a.png"), _folder.File("b.png")];
        foreach (var output in outputs)
            SegEngine.WriteOverlay(new(image, [new("cord", mask, mask)], output, "axial", null, 4, true), CancellationToken.None);
        Assert.Equal(File.ReadAllBytes(outputs[0]), File.ReadAllBytes(outputs[1]));
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(outputs[0])[..4]);
    }

    [Fact]
    public void A_mask_of_another_image_is_an_error_and_nothing_is_written()
    {
        var image = _folder.File("image.nii");
        var mask = _folder.File("mask.nii");
        var other = VolumeGeometry.Axial(8, 10, 7, 1, 1, 1);
        NiftiFile.Write(image, new(new float[480], s_grid), NiftiDataType.Int16);
        NiftiFile.Write(mask, new(new float[560], other), NiftiDataType.UInt8);
        var error = Assert.Throws<SegException>(
            () => SegEngine.WriteOverlay(Request() with { ImagePath = image, Masks = [new("cord", mask, null)], OutputPath = _folder.File("o.png") }, CancellationToken.None));
        Assert.Equal("MaskShapeMismatch", error.ErrorId);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void Text_has_letters_for_names_of_classes()
    {
        foreach (var letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/()+")
            Assert.NotEqual(Letter('?'), Letter(letter));
        Assert.Equal(Letter('?'), Letter('漢'));
        Assert.Equal(Letter('A'), Letter('a'));
        Assert.Equal(17, PixelFont.Measure("abc"));
        Assert.Equal("..#..\n.##..\n..#..\n..#..\n..#..\n..#..\n.###.", Letter('1'));
    }

    private static string Letter(char letter) => string.Join('\n', Enumerable.Range(0, PixelFont.Height).Select(
        row => string.Concat(Enumerable.Range(0, PixelFont.Width).Select(column => PixelFont.IsSet(letter, row, column) ? '#' : '.'))));

    private static OverlayRequest Request() => new("image", [], "out.png", "axial", null, 1, false);

    private static float[] Voxel(int x, int y, int z) => Evaluation.Masks.Where(s_grid, (i, j, k) => (i, j, k) == (x, y, z));

    private static OverlayClass Class(float[]? prediction, float[]? reference) => new(
        "c", prediction is null ? null : new(prediction, s_grid), reference is null ? null : new(reference, s_grid));

    private static IReadOnlyList<int> Choose(OverlayRequest request, params OverlayClass[] classes) =>
        OverlaySlices.Choose(new(new(new float[480], s_grid), classes, false), SliceAxis.Axial, request);

    private static Canvas Draw(VolumeGeometry grid, SliceAxis axis, params OverlayClass[] classes) =>
        Overlay.Draw(new(new(new float[grid.VoxelCount], grid), classes, false), axis, Request(), CancellationToken.None);

    private static bool IsTinted(Canvas canvas, int row, int column) => canvas[row, column] == default(Rgb).Under(Palette.Of(0), 0.4);
}
