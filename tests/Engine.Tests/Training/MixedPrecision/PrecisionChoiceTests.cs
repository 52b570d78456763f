using MedSeg.Engine.Training.MixedPrecision;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training.MixedPrecision;

public class PrecisionChoiceTests
{
    [Theory]
    [InlineData("float32", DeviceType.CPU, false, torch.ScalarType.Float32)]
    [InlineData("float32", DeviceType.CUDA, false, torch.ScalarType.Float32)]
    [InlineData("bfloat16", DeviceType.CPU, true, torch.ScalarType.BFloat16)]
    [InlineData("bfloat16", DeviceType.CUDA, false, torch.ScalarType.BFloat16)]
    [InlineData("float16", DeviceType.CUDA, false, torch.ScalarType.Float16)]
    public void Devices_that_have_it_get_it(string name, DeviceType device, bool processorHasIt, torch.ScalarType expected) =>
        Assert.Equal(expected, PrecisionChoice.Of(name, device, processorHasIt));

    [Theory]
    [InlineData("bfloat16", DeviceType.CPU, false, "AVX512_BF16 or AMX", "float32")]
    [InlineData("float16", DeviceType.CPU, false, "CUDA devices only", "float32")]
    [InlineData("float16", DeviceType.CPU, true, "CUDA devices only", "bfloat16")]
    [InlineData("bfloat16", DeviceType.MPS, true, "not available on MPS", "float32")]
    public void Others_are_refused_with_what_to_do(string name, DeviceType device, bool processorHasIt, string why, string advice)
    {
        var error = Assert.Throws<SegException>(() => PrecisionChoice.Of(name, device, processorHasIt));
        Assert.Equal("PrecisionNotSupported", error.ErrorId);
        Assert.Contains("training_parameters.precision", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_refuses_it_before_it_begins()
    {
        using var run = new PhantomRun();
        string folder = run.NewFolder();
        var error = Assert.Throws<SegException>(() => run.Train(folder, config: PhantomRun.Config(c => c.TrainingParameters.Precision = "float16")));
        Assert.Equal("PrecisionNotSupported", error.ErrorId);
        Assert.False(Directory.Exists(folder));
    }

    /// <summary>/proc/cpuinfo names the same abilities.</summary>
    [Fact]
    public void The_processor_is_asked_rightly()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/cpuinfo")) return;
        string[] flags = (File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal)) ?? "").Split(' ');
        Assert.Equal(flags.Contains("avx512_bf16") || flags.Contains("amx_bf16"), Engine.Runtime.PlatformProcessor.HasBFloat16);
    }
}
