using MedSeg.Engine.Data;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public sealed class SliceStackTests
{
    [Theory]
    [InlineData(SliceAxis.Axial)]
    [InlineData(SliceAxis.Coronal)]
    [InlineData(SliceAxis.Sagittal)]
    public void A_volume_is_its_slices_side_by_side(SliceAxis axis)
    {
        var stack = SliceStack.Of(DatasetOnDisk.Make(VolumeGeometry.Axial(3, 4, 5, 1, 2, 3), (x, y, z) => (100 * z) + (10 * y) + x), axis);
        Assert.Equal(stack.Sample.Size with { D = stack.Count }, stack.Whole.Size);
        Assert.Equal(stack.Sample.Spacing, stack.Whole.Spacing);
        var volume = new float[stack.Whole.Size.Count];
        stack.CopyVolume(0, volume);
        var slice = new float[stack.Sample.Size.Count];
        for (var d = 0; d < stack.Count; d++)
        {
            stack.CopySlice(0, d, slice);
            Assert.Equal(slice, Enumerable.Range(0, slice.Length).Select(i => volume[(i * stack.Count) + d]));
        }
    }

    [SharedFact]
    public void Volumes_lie_as_in_the_reference()
    {
        foreach (var c in Golden.Load("loader").Of("orient_img_hwd"))
        {
            var from = c.In("x");
            var (x, y, z) = (from.Shape[0], from.Shape[1], from.Shape[2]);
            var values = from.Floats(); // Row-major, z fastest.
            var volume = DatasetOnDisk.Make(VolumeGeometry.Axial(x, y, z, 1, 1, 1), (i, j, k) => values[(((i * y) + j) * z) + k]);
            var stack = SliceStack.Of(volume, (SliceAxis)c.Parameters.GetProperty("slice_axis").GetInt32());
            var found = new float[values.Length];
            stack.CopyVolume(0, found);
            var expected = c.Out("y");
            Assert.Equal(new GridSize(expected.Shape[0], expected.Shape[1], expected.Shape[2]), stack.Whole.Size);
            Assert.Equal(expected.Floats(), found);
        }
    }
}
