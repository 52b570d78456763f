using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public sealed class PatchGridTests
{
    [Theory]
    [InlineData(100, 32, 32, new[] { 0, 32, 64, 68 })]
    [InlineData(96, 32, 16, new[] { 0, 16, 32, 48, 64 })]
    [InlineData(50, 50, 50, new[] { 0 })]
    [InlineData(65, 32, 20, new[] { 0, 20, 33 })]
    [InlineData(5, 1, 1, new[] { 0, 1, 2, 3, 4 })]
    public void The_last_window_is_shifted_back_to_the_end(int size, int length, int stride, int[] starts) =>
        Assert.Equal(starts, PatchGrid.Starts(size, length, stride));

    [Fact]
    public void Every_voxel_is_covered_and_no_window_occurs_twice()
    {
        for (var size = 1; size <= 40; size++)
        {
            for (var length = 1; length <= size; length++)
            {
                for (var stride = 1; stride <= length; stride++)
                {
                    var starts = PatchGrid.Starts(size, length, stride);
                    Assert.Equal(starts.Length, starts.Distinct().Count());
                    Assert.Equal(Enumerable.Range(0, size), starts.SelectMany(s => Enumerable.Range(s, length)).Distinct().Order());
                }
            }
        }
    }

    [Fact]
    public void Corners_run_over_the_last_axis_first()
    {
        var corners = PatchGrid.Corners(new GridSize(3, 2, 4), new GridSize(2, 2, 2), new GridSize(1, 1, 2));
        Assert.Equal([new(0, 0, 0), new(0, 0, 2), new(1, 0, 0), new(1, 0, 2)], corners);
    }

    [Theory]
    [InlineData(30, 32, 32)]
    [InlineData(64, 32, 40)]
    [InlineData(64, 32, 0)]
    public void Windows_that_do_not_fit_or_leave_gaps_are_refused(int size, int length, int stride) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PatchGrid.Starts(size, length, stride));

    /// <summary>
    /// The windows of the reference, in its order. In 3D it refuses sizes that the strides do not divide; those are covered here.
    /// </summary>
    [SharedTheory]
    [InlineData("MRI2DSegmentationDataset.prepare_indices", 8)]
    [InlineData("MRI3DSubVolumeSegmentationDataset._prepare_indices", 6)]
    public void Windows_agree_with_the_reference(string function, int cases)
    {
        var compared = 0;
        foreach (var c in Golden.Load("loader").Of(function))
        {
            int[] Numbers(string name) => [.. c.Parameters.GetProperty(name).EnumerateArray().Select(n => n.GetInt32())];
            int[] shape = Numbers("shape"), length = Numbers("length"), stride = Numbers("stride");
            compared++;
            if (!c.Json.GetProperty("out").TryGetProperty("coords", out var coords))
                continue;
            var expected = coords.EnumerateArray().Select(box => string.Join(',', box.EnumerateArray().Select(n => n.GetInt32())));
            var found = PatchGrid.Corners(Size(shape), Size(length), Size(stride)).Select(corner => shape.Length == 2
                ? $"{corner.H},{corner.H + length[0]},{corner.W},{corner.W + length[1]}"
                : $"{corner.H},{corner.H + length[0]},{corner.W},{corner.W + length[1]},{corner.D},{corner.D + length[2]}");
            Assert.Equal(expected, found);
        }

        Assert.Equal(cases, compared);
    }

    private static GridSize Size(int[] numbers) => new(numbers[0], numbers[1], numbers.Length > 2 ? numbers[2] : 1);
}
