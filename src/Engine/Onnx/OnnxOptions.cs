using System.Globalization;
using MedSeg.Engine.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace MedSeg.Engine.Onnx;

/// <summary>How ONNX Runtime runs a model.</summary>
internal static class OnnxOptions
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>
    /// Full optimisation; no memory arena, which keeps the memory of the largest image for good; threads that sleep instead of
    /// spinning while others (reading, resampling) work: with two threads on a busy machine a slice takes 0.6 of the processor
    /// time and half of the wall time.
    /// </summary>
    public static SessionOptions Create(string device, int threads)
    {
        var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads > 0 ? threads : PlatformProcessor.DefaultThreads,
            InterOpNumThreads = 1,
            EnableCpuMemArena = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            AddDevice(options, device);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    /// <summary>auto falls back to the CPU: the CUDA flavour may run on a machine without a usable GPU.</summary>
    private static void AddDevice(SessionOptions options, string device)
    {
        var index = DeviceSelector.Parse(device);
        if (index == -1)
            return;
        var reason = OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider, StringComparer.Ordinal)
            ? TryAddCuda(options, index ?? 0)
            : "this flavour of the module has no CUDA support";
        if (reason is null || index is null)
            return;
        throw new SegException(
            "DeviceUnavailable", SegErrorKind.Device, $"Device '{device}' can't be used by ONNX Runtime: {reason}.",
            "Use cpu or auto, or install the CUDA flavour of the module and an NVIDIA driver.", device);
    }

    /// <summary>TF32 is off: it would change probabilities by some 1e-3 against the CPU.</summary>
    /// <returns>Null, or why it can't be used.</returns>
    private static string? TryAddCuda(SessionOptions options, int index)
    {
        try
        {
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(new Dictionary<string, string>
            {
                ["device_id"] = index.ToString(CultureInfo.InvariantCulture),
                ["use_tf32"] = "0",
            });
            options.AppendExecutionProvider_CUDA(cuda);
            return null;
        }
        catch (OnnxRuntimeException error)
        {
            return error.Message;
        }
    }
}
