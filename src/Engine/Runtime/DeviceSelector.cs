using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace MedSeg.Engine.Runtime;

/// <summary>Finds the processor that a name means.</summary>
public static class DeviceSelector
{
    /// <summary>Turns <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c> (any case) into a device that is there.</summary>
    /// <exception cref="SegException"><c>DeviceUnknown</c>, <c>DeviceUnavailable</c>, or an error of <see cref="NativePreflight"/>.</exception>
    public static torch.Device Resolve(string name)
    {
        var wanted = Parse(name);
        NativePreflight.EnsureTorch();
        var cudaDevices = CudaCount();
        return wanted switch
        {
            null => cudaDevices > 0 ? torch.device(DeviceType.CUDA, 0) : torch.CPU,
            -1 => torch.CPU,
            int index when index < cudaDevices => torch.device(DeviceType.CUDA, index),
            int index => throw Unavailable(name, index, cudaDevices),
        };
    }

    /// <summary>The processors that can train or predict, the CPU first.</summary>
    /// <exception cref="SegException">An error of <see cref="NativePreflight"/>.</exception>
    public static IReadOnlyList<SegDevice> List()
    {
        NativePreflight.EnsureTorch();
        NativePreflight.EnsureOnnx();
        var libraries = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["libtorch"] = torch.__version__,
            ["onnxruntime"] = OrtEnv.Instance().GetVersionString(),
        };
        var cudaDevices = CudaCount();
        var cpu = new SegDevice(
            "cpu", "Cpu", PlatformProcessor.Name, torch.get_num_threads(), PlatformProcessor.MemoryBytes, cudaDevices == 0, libraries);
        return
        [
            cpu,
            .. Enumerable.Range(0, cudaDevices).Select(i => new SegDevice(
                string.Create(CultureInfo.InvariantCulture, $"cuda:{i}"), "Cuda", "NVIDIA graphics processor", 0, 0, i == 0, libraries)),
        ];
    }

    /// <summary>Null for auto, −1 for the CPU, else the number of the CUDA device.</summary>
    internal static int? Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = name.Trim().ToUpperInvariant();
        switch (text)
        {
            case "AUTO":
                return null;
            case "CPU":
                return -1;
            case "CUDA":
                return 0;
        }

        if (text.StartsWith("CUDA:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return index;
        }

        throw new SegException(
            "DeviceUnknown", SegErrorKind.InvalidArgument, $"'{name}' is not the name of a device.", "Use auto, cpu, cuda or cuda:N.", name);
    }

    /// <summary>How many CUDA devices there are; libtorch must have been loaded.</summary>
    internal static int CudaCount() => torch.cuda.is_available() ? torch.cuda.device_count() : 0;

    private static SegException Unavailable(string name, int index, int cudaDevices)
    {
        string[] there = ["cpu", .. Enumerable.Range(0, cudaDevices).Select(i => string.Create(CultureInfo.InvariantCulture, $"cuda:{i}"))];
        return new SegException(
            "DeviceUnavailable", SegErrorKind.Device,
            string.Create(CultureInfo.InvariantCulture, $"Device '{name}' (cuda:{index}) is not there; available: {string.Join(", ", there)}."),
            cudaDevices == 0
                ? "Use cpu or auto, or install the CUDA flavour of the module and an NVIDIA driver."
                : "Use one of the devices that are there, or auto.",
            name);
    }
}
