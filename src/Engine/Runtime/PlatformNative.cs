using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace MedSeg.Engine.Runtime;

/// <summary>Native libraries: their names, where they lie, and what usually keeps them from loading.</summary>
internal static class PlatformNative
{
    /// <summary>libtorch in the order in which one part needs the other; CUDA parts exist in some builds only.</summary>
    public static IReadOnlyList<(string Name, bool Required)> TorchLibraries { get; } =
        [("c10", true), ("c10_cuda", false), ("torch_cpu", true), ("torch_cuda", false), ("torch", true)];

    /// <summary>TorchSharp's own native part.</summary>
    public const string TorchSharpLibrary = "LibTorchSharp";

    /// <summary>ONNX Runtime's native part.</summary>
    public const string OnnxLibrary = "onnxruntime";

    /// <summary>c10 → libc10.so, c10.dll or libc10.dylib.</summary>
    public static string FileName(string name) => OperatingSystem.IsWindows() ? name + ".dll"
        : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    /// <summary>Folders that may hold native files of <paramref name="assembly"/>, best first.</summary>
    public static IReadOnlyList<string> Folders(Assembly assembly)
    {
        var own = Path.GetDirectoryName(assembly.Location) ?? AppContext.BaseDirectory;
        var below = Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        string[] all = [own, Path.Combine(own, below), AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, below)];
        return [.. all.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>What to do when a library is there and does not load.</summary>
    public static string Remedy(string loaderMessage) =>
        loaderMessage.Contains("GLIBCXX", StringComparison.Ordinal) || loaderMessage.Contains("GLIBC_", StringComparison.Ordinal)
            ? "The system's C++ library is older than the file needs: install the module built for this system, or use Debian 12, Ubuntu 22.04 or newer."
        : OperatingSystem.IsWindows()
            ? "Install the Microsoft Visual C++ Redistributable 2015-2022 (x64), and for the CUDA flavour the NVIDIA driver."
            : "Check with 'ldd' which library it lacks, and that the file was copied completely.";

    public static Assembly TorchAssembly => typeof(torch).Assembly;

    public static Assembly OnnxAssembly => typeof(InferenceSession).Assembly;
}
