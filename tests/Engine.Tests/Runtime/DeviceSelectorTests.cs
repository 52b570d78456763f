using MedSeg.Engine.Runtime;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Runtime;

public class DeviceSelectorTests
{
    [Theory]
    [InlineData("auto", null)]
    [InlineData("Auto", null)]
    [InlineData("CPU", -1)]
    [InlineData("cuda", 0)]
    [InlineData("Cuda:3", 3)]
    public void Names_are_understood_in_any_case(string name, int? expected) => Assert.Equal(expected, DeviceSelector.Parse(name));

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:1x")]
    public void Other_names_are_errors(string name) =>
        Assert.Equal("DeviceUnknown", Assert.Throws<SegException>(() => DeviceSelector.Resolve(name)).ErrorId);

    [Fact]
    public void The_processor_is_always_there_and_exactly_one_device_is_default()
    {
        Assert.Equal(DeviceType.CPU, DeviceSelector.Resolve("cpu").type);
        var devices = DeviceSelector.List();
        Assert.Equal("cpu", devices[0].Name);
        Assert.InRange(devices[0].Threads, 1, Environment.ProcessorCount);
        Assert.True(devices[0].MemoryBytes > 0);
        Assert.NotEmpty(devices[0].Description);
        Assert.Single(devices, d => d.IsDefault);
        Assert.Equal(["libtorch", "onnxruntime"], devices[0].Libraries.Keys.Order());
    }

    [Fact]
    public void A_missing_device_names_what_is_there()
    {
        var error = Assert.Throws<SegException>(() => DeviceSelector.Resolve("cuda:99"));
        Assert.Equal("DeviceUnavailable", error.ErrorId);
        Assert.Contains("available: cpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_native_file_is_named_with_the_folder()
    {
        using var folder = new Support.TemporaryFolder();
        var error = Assert.Throws<SegException>(() => NativePreflight.Load([folder.Path], "c10"));
        Assert.Equal("NativeLibraryMissing", error.ErrorId);
        Assert.Contains(PlatformNative.FileName("c10"), error.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_native_file_is_one_clear_error()
    {
        using var folder = new Support.TemporaryFolder();
        File.WriteAllText(folder.File(PlatformNative.FileName("c10")), "<html>");
        Assert.Equal("NativeLibraryFailed", Assert.Throws<SegException>(() => NativePreflight.Load([folder.Path], "c10")).ErrorId);
    }
}
