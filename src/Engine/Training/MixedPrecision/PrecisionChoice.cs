using MedSeg.Engine.Runtime;
using TorchSharp;

namespace MedSeg.Engine.Training.MixedPrecision;

/// <summary><c>training_parameters.precision</c>: what convolutions compute in while training.</summary>
internal static class PrecisionChoice
{
    private const string Key = "training_parameters.precision";

    /// <summary>The type, when the device has it.</summary>
    /// <param name="name">float32, bfloat16 or float16.</param>
    /// <param name="device">Where training runs.</param>
    /// <exception cref="SegException"><c>PrecisionNotSupported</c>.</exception>
    public static torch.ScalarType Of(string name, DeviceType device) => Of(name, device, PlatformProcessor.HasBFloat16);

    /// <param name="processorHasIt">The processor multiplies bfloat16.</param>
    internal static torch.ScalarType Of(string name, DeviceType device, bool processorHasIt) => (name, device) switch
    {
        ("bfloat16", DeviceType.CPU) when processorHasIt => torch.ScalarType.BFloat16,
        ("bfloat16", DeviceType.CPU) => throw NotSupported(
            "bfloat16 needs a processor with AVX512_BF16 or AMX, which this one is not", "Use float32, which is faster here."),
        ("float16", DeviceType.CPU) => throw NotSupported(
            "float16 is for CUDA devices only, and training runs on the processor",
            processorHasIt ? "Use bfloat16 or float32, or a CUDA device." : "Use float32, or a CUDA device."),
        ("bfloat16", DeviceType.CUDA) => torch.ScalarType.BFloat16,
        ("float16", DeviceType.CUDA) => torch.ScalarType.Float16,
        ("float32", _) => torch.ScalarType.Float32,
        _ => throw NotSupported($"'{name}' is not available on {device}", "Use float32."),
    };

    private static SegException NotSupported(string why, string advice) =>
        new("PrecisionNotSupported", SegErrorKind.Device, $"{Key}: {why}.", advice, Key);
}
