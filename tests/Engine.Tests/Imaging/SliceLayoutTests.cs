using System.Text.Json;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Imaging;

public class SliceLayoutTests
{
    [Theory]
    [InlineData(SliceAxis.Axial, 2, 3, 4)]
    [InlineData(SliceAxis.Sagittal, 4, 3, 2)]
    [InlineData(SliceAxis.Coronal, 4, 2, 3)]
    public void Slices_follow_the_layout_and_set_is_the_inverse_of_copy(SliceAxis axis, int h, int w, int d)
    {
        var volume = OrientationTests.Numbered(2, 3, 4, OrientationTests.AffineOf("RAS"), channels: 2);
        Assert.Equal((h, w, d), SliceLayout.Shape(volume.Geometry, axis));
        var copy = new Volume(new float[volume.Voxels.Length], volume.Geometry, 2);
        var slice = new float[h * w];
        for (var channel = 0; channel < 2; channel++)
        {
            for (var index = 0; index < d; index++)
            {
                SliceLayout.CopySlice(volume, channel, axis, index, slice);
                for (var i = 0; i < slice.Length; i++)
                {
                    var (row, column) = (i / w, i % w);
                    var (x, y, z) = axis switch
                    {
                        SliceAxis.Sagittal => (index, column, row),
                        SliceAxis.Coronal => (column, index, row),
                        _ => (row, column, index),
                    };
                    Assert.Equal((((((channel * 4) + z) * 3) + y) * 2) + x, slice[i]);
                }

                SliceLayout.SetSlice(slice, copy, channel, axis, index);
            }
        }

        Assert.Equal(volume.Voxels, copy.Voxels);
    }

    [Fact]
    public void Spacing_is_permuted_like_the_shape()
    {
        var geometry = VolumeGeometry.Axial(2, 3, 4, 1, 1.5, 2);
        Assert.Equal((1, 1.5, 2), SliceLayout.Spacing(geometry, SliceAxis.Axial));
        Assert.Equal((2, 1.5, 1), SliceLayout.Spacing(geometry, SliceAxis.Sagittal));
        Assert.Equal((2, 1, 1.5), SliceLayout.Spacing(geometry, SliceAxis.Coronal));
    }

    [Fact]
    public void Names_are_those_of_the_configuration()
    {
        Assert.Equal([SliceAxis.Sagittal, SliceAxis.Coronal, SliceAxis.Axial], new[] { "sagittal", "coronal", "axial" }.Select(SliceLayout.Parse));
        Assert.Equal("SliceAxisUnknown", Assert.Throws<SegException>(() => SliceLayout.Parse("Axial ")).ErrorId);
    }

    [Fact]
    public void Slices_outside_and_buffers_of_another_size_are_refused()
    {
        var volume = OrientationTests.Numbered(2, 3, 4, OrientationTests.AffineOf("RAS"), channels: 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => SliceLayout.CopySlice(volume, 0, SliceAxis.Axial, 4, new float[6]));
        Assert.Throws<ArgumentException>(() => SliceLayout.CopySlice(volume, 0, SliceAxis.Axial, 0, new float[7]));
        Assert.Throws<ArgumentException>(() => SliceLayout.SetSlice(new float[5], volume, 0, SliceAxis.Axial, 0));
    }

    [SharedFact]
    public void Orientation_and_layout_agree_with_the_reference()
    {
        var golden = Golden.Load("loader");
        foreach (var item in golden.Of("as_closest_canonical + orient_img_hwd / reorient_image"))
        {
            var input = item.In("x");
            var volume = FromNumpy(input, Affine(item.Parameters.GetProperty("affine")));
            Assert.Equal(item.Parameters.GetProperty("codes").GetString(), Orientation.Codes(volume.Geometry.Affine));
            var map = Orientation.ToRas(volume.Geometry.Affine);
            var ras = Orientation.Apply(volume, map);
            Assert.Equal(Affine(item.Parameters.GetProperty("canonical_affine")), ras.Geometry.Affine);
            Assert.Equal(FromNumpy(item.Out("canonical"), ras.Geometry.Affine).Voxels, ras.Voxels);
            var axis = (SliceAxis)item.Parameters.GetProperty("slice_axis").GetInt32();
            var expected = item.Out("hwd");
            Assert.Equal((expected.Shape[0], expected.Shape[1], expected.Shape[2]), SliceLayout.Shape(ras.Geometry, axis));
            Assert.Equal(expected.Floats(), Hwd(ras, axis));
            Assert.Equal(volume.Voxels, Orientation.Undo(ras, map, volume.Geometry).Voxels);
        }
    }

    /// <summary>All slices as one array in the reference's order, depth fastest.</summary>
    private static float[] Hwd(Volume ras, SliceAxis axis)
    {
        var (h, w, d) = SliceLayout.Shape(ras.Geometry, axis);
        var result = new float[h * w * d];
        var slice = new float[h * w];
        for (var index = 0; index < d; index++)
        {
            SliceLayout.CopySlice(ras, 0, axis, index, slice);
            for (var i = 0; i < slice.Length; i++)
                result[(i * d) + index] = slice[i];
        }

        return result;
    }

    private static Volume FromNumpy(NpyArray array, double[] affine)
    {
        int x = array.Shape[0], y = array.Shape[1], z = array.Shape[2];
        var source = array.Floats();
        var voxels = new float[source.Length];
        for (var i = 0; i < source.Length; i++)
            voxels[(((i % z * y) + (i / z % y)) * x) + (i / (y * z))] = source[i];
        return new Volume(voxels, new VolumeGeometry(x, y, z, affine));
    }

    private static double[] Affine(JsonElement rows) =>
        [.. rows.EnumerateArray().SelectMany(r => r.EnumerateArray()).Select(n => n.GetDouble() + 0.0)];
}
