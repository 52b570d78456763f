using System.Globalization;
using MedSeg.Engine.Runtime;
using TorchSharp;

namespace MedSeg.Engine.Training;

/// <summary>Where a training runs: what was asked for, and where that leaves it open what <c>gpu_ids</c> says.</summary>
internal static class DeviceChoice
{
    /// <summary>The device.</summary>
    /// <param name="requested">As <see cref="DeviceSelector.Resolve"/> takes it.</param>
    /// <param name="gpuIds"><c>gpu_ids</c> of the configuration.</param>
    /// <param name="warn">Told where gpu_ids has no effect.</param>
    public static torch.Device Of(string requested, int[] gpuIds, Action<string> warn)
    {
        torch.Device device = DeviceSelector.Resolve(requested);
        (string? name, string? warning) = Choose(DeviceSelector.Parse(requested) is null, gpuIds, DeviceSelector.CudaCount());
        if (warning is not null) warn(warning);
        return name is null ? device : DeviceSelector.Resolve(name);
    }

    /// <summary>The device that gpu_ids decides, null where it decides nothing, and a warning where it was meant to.</summary>
    internal static (string? Name, string? Warning) Choose(bool open, int[] gpuIds, int cudaDevices)
    {
        if (gpuIds is [] or [0]) return (null, null);
        string ids = string.Join(", ", gpuIds);
        if (!open)
            return (null, $"gpu_ids: [{ids}] has no effect, because -Device names the device.");
        if (gpuIds[0] >= cudaDevices)
        {
            return (null, string.Create(CultureInfo.InvariantCulture,
                $"gpu_ids: [{ids}] has no effect, because there are {cudaDevices} CUDA devices, counted from 0."));
        }

        return (
            string.Create(CultureInfo.InvariantCulture, $"cuda:{gpuIds[0]}"),
            gpuIds.Length == 1 ? null : $"gpu_ids: [{ids}]: training runs on one device; the first is used.");
    }
}
