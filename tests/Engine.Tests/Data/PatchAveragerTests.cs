using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public sealed class PatchAveragerTests
{
    [Theory]
    [InlineData(11, 9, 1, 5, 4, 1, 3, 2, 1)]
    [InlineData(8, 8, 1, 8, 8, 1, 8, 8, 1)]
    [InlineData(7, 6, 5, 4, 3, 2, 2, 3, 1)]
    [InlineData(5, 5, 5, 5, 5, 3, 1, 1, 2)]
    public void Every_voxel_is_the_mean_of_the_patches_over_it(int h, int w, int d, int lengthH, int lengthW, int lengthD, int strideH, int strideW, int strideD)
    {
        const int Classes = 2;
        var (size, length, stride) = (new GridSize(h, w, d), new GridSize(lengthH, lengthW, lengthD), new GridSize(strideH, strideW, strideD));
        var averager = new PatchAverager(size, length, stride, Classes);
        var random = new RandomStream(1);
        for (var round = 0; round < 2; round++)
        {
            var (sums, counts) = (new double[Classes * size.Count], new int[size.Count]);
            foreach (var corner in PatchGrid.Corners(size, length, stride))
            {
                for (var k = 0; k < Classes; k++)
                {
                    var patch = Enumerable.Range(0, length.Count).Select(_ => (float)random.NextDouble()).ToArray();
                    averager.Add(corner, k, patch);
                    for (var i = 0; i < patch.Length; i++)
                    {
                        var voxel = Voxel(corner, i, size, length);
                        sums[(k * size.Count) + voxel] += patch[i];
                        counts[voxel] += k == 0 ? 1 : 0;
                    }
                }
            }

            for (var k = 0; k < Classes; k++)
            {
                var found = new float[size.Count];
                averager.CopyTo(k, found);
                for (var i = 0; i < found.Length; i++)
                    Assert.Equal(sums[(k * size.Count) + i] / counts[i], found[i], 1e-6);
            }

            averager.Clear();
        }
    }

    [SharedTheory]
    [InlineData("image_reconstruction", 2)]
    [InlineData("volume_reconstruction", 1)]
    public void Slices_and_volumes_agree_with_the_reference(string function, int cases)
    {
        var golden = Golden.Load("loader").Of(function);
        Assert.Equal(cases, golden.Count);
        foreach (var c in golden)
        {
            var (size, length, stride) = (Size(c, "shape"), Size(c, "length"), Size(c, "stride"));
            var patches = c.In("preds");
            var expected = c.Out("y").Floats();
            var values = patches.Floats();
            var classes = patches.Shape[1];
            var averager = new PatchAverager(size, length, stride, classes);
            var corners = PatchGrid.Corners(size, length, stride);
            Assert.Equal(patches.Shape[0], corners.Count);
            for (var i = 0; i < corners.Count * classes; i++)
                averager.Add(corners[i / classes], i % classes, values.AsSpan(i * length.Count, length.Count));
            for (var k = 0; k < classes; k++)
            {
                var found = new float[size.Count];
                averager.CopyTo(k, found);
                Transforms.TransformBuilder.Near(expected.AsSpan(k * size.Count, size.Count), found, 1e-6);
            }
        }
    }

    private static int Voxel(PatchCorner corner, int i, GridSize size, GridSize length)
    {
        var (h, w, d) = (i / length.D / length.W, i / length.D % length.W, i % length.D);
        return ((((corner.H + h) * size.W) + corner.W + w) * size.D) + corner.D + d;
    }

    private static GridSize Size(GoldenCase c, string name)
    {
        var numbers = c.Parameters.GetProperty(name).EnumerateArray().Select(n => n.GetInt32()).ToArray();
        return new GridSize(numbers[0], numbers[1], numbers.Length > 2 ? numbers[2] : 1);
    }
}
