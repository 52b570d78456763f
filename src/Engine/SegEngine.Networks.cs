using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>The processors that can train or predict, the CPU first.</summary>
    public static IReadOnlyList<SegDevice> Devices()
    {
        bool cuda = torch.cuda.is_available();
        var libraries = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["libtorch"] = torch.__version__,
            ["onnxruntime"] = OrtEnv.Instance().GetVersionString(),
        };
        var devices = new List<SegDevice>
        {
            new("cpu", "Cpu", $"{Environment.ProcessorCount} logical processors", torch.get_num_threads(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, !cuda, libraries),
        };
        for (int i = 0; cuda && i < torch.cuda.device_count(); i++)
            devices.Add(new SegDevice($"cuda:{i}", "Cuda", "CUDA device", 0, 0, i == 0, libraries));
        return devices;
    }
}
