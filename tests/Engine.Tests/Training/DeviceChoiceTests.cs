using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

public class DeviceChoiceTests
{
    [Theory]
    [InlineData(true, new int[0], 2, null, false)]
    [InlineData(true, new[] { 0 }, 2, null, false)]
    [InlineData(true, new[] { 1 }, 2, "cuda:1", false)]
    [InlineData(true, new[] { 1, 0 }, 2, "cuda:1", true)]
    [InlineData(true, new[] { 2 }, 2, null, true)]
    [InlineData(true, new[] { 1 }, 0, null, true)]
    [InlineData(false, new[] { 1 }, 2, null, true)]
    public void The_first_of_gpu_ids_counts_where_the_device_is_open(bool open, int[] ids, int devices, string? expected, bool warned)
    {
        (string? name, string? warning) = DeviceChoice.Choose(open, ids, devices);
        Assert.Equal(expected, name);
        Assert.Equal(warned, warning is not null);
        if (warned) Assert.StartsWith("gpu_ids: [", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_is_named_is_taken_and_gpu_ids_warned_of()
    {
        var warnings = new List<string>();
        Assert.Equal("cpu", DeviceChoice.Of("cpu", [1], warnings.Add).ToString());
        Assert.Single(warnings);
    }
}
