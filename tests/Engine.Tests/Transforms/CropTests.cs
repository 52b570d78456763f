using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

public class CropTests
{
    [Theory]
    [InlineData(131, 128, 2)]
    [InlineData(129, 128, 0)]
    [InlineData(133, 128, 2)]
    [InlineData(101, 128, -14)]
    public void First_kept_voxel_is_rounded_half_to_even(int before, int after, int first)
    {
        var drawn = Create("CenterCrop", ("size", new object?[] { (long)after, 1L })).Draw(Sample(new GridSize(before, 1)), null);
        var cropped = drawn.Apply(Enumerable.Range(1, before).Select(i => (float)i).ToArray());
        for (var i = 0; i < after; i++)
            Assert.Equal(i + first is var j && j >= 0 && j < before ? j + 1 : 0, cropped[i]);
    }

    [Fact]
    public void Undo_puts_every_kept_voxel_back_and_zero_elsewhere()
    {
        var drawn = Create("CenterCrop", ("size", new[] { 3, 6 })).Draw(Sample(new GridSize(5, 4)), null);
        var source = Enumerable.Range(1, 20).Select(i => (float)i).ToArray();
        var back = drawn.Undo(drawn.Apply(source));
        Assert.Equal([0, 0, 0, 0, .. source[4..16], 0, 0, 0, 0], back);
    }

    [Fact]
    public void Volumes_keep_their_depth_when_only_two_sizes_are_given()
    {
        var drawn = Create("CenterCrop", ("size", new[] { 2, 2 })).Draw(Sample(new GridSize(4, 4, 3)), null);
        Assert.Equal(new GridSize(2, 2, 3), drawn.Output.Size);
        Assert.Equal(Ramp(48)[15..21], drawn.Apply(Ramp(48))[..6]);
    }
}
