using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace MedSeg.Engine.Runtime;

/// <summary>
/// Loads the native libraries by full path before their first use. Left alone, TorchSharp searches the system (where another
/// libtorch may lie), writes to the console and copies files about; here a missing or foreign file is one clear error.
/// </summary>
public static class NativePreflight
{
    private static readonly Lazy<bool> TorchReady = new(LoadTorch);
    private static readonly Lazy<bool> OnnxReady = new(() => Load(PlatformNative.OnnxAssembly, PlatformNative.OnnxLibrary, null));

    /// <summary>Makes sure that libtorch can be used, and sets its threads to the number of physical cores.</summary>
    /// <exception cref="SegException"><c>NativeLibraryMissing</c> or <c>NativeLibraryFailed</c>.</exception>
    public static void EnsureTorch() => _ = TorchReady.Value;

    /// <summary>Makes sure that ONNX Runtime can be used.</summary>
    /// <exception cref="SegException"><c>NativeLibraryMissing</c> or <c>NativeLibraryFailed</c>.</exception>
    public static void EnsureOnnx() => _ = OnnxReady.Value;

    private static bool LoadTorch()
    {
        PlatformOpenMp.WithSleepingThreads(LoadTorchFiles);
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception error) when (error is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            throw Failed(PlatformNative.TorchSharpLibrary, error);
        }

        torch.set_num_threads(PlatformProcessor.DefaultThreads);
        return true;
    }

    private static void LoadTorchFiles()
    {
        var assembly = PlatformNative.TorchAssembly;
        var chosen = Environment.GetEnvironmentVariable(PlatformNative.TorchLibPathVariable);
        foreach (var (name, required) in PlatformNative.TorchLibraries)
        {
            if (required || Find(assembly, name, chosen) is not null)
                Load(assembly, name, chosen);
        }

        Load(assembly, PlatformNative.TorchSharpLibrary, null);
    }

    /// <summary>Loads one library of an assembly.</summary>
    internal static bool Load(Assembly assembly, string name, string? chosenFolder)
    {
        var path = Find(assembly, name, chosenFolder) ?? throw Missing(assembly, name, chosenFolder);
        try
        {
            NativeLibrary.Load(path);
            return true;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw Failed(path, error);
        }
    }

    private static string? Find(Assembly assembly, string name, string? chosenFolder)
    {
        var folders = string.IsNullOrEmpty(chosenFolder) ? PlatformNative.Folders(assembly) : [chosenFolder];
        return folders.Select(folder => Path.Combine(folder, PlatformNative.FileName(name))).FirstOrDefault(File.Exists);
    }

    private static SegException Missing(Assembly assembly, string name, string? chosenFolder) => new(
        "NativeLibraryMissing", SegErrorKind.Device,
        $"The native library '{PlatformNative.FileName(name)}' is not in "
        + (string.IsNullOrEmpty(chosenFolder) ? $"'{PlatformNative.Folders(assembly)[0]}'." : $"'{chosenFolder}' ({PlatformNative.TorchLibPathVariable})."),
        "Install the module again, complete and for this operating system.", name);

    private static SegException Failed(string path, Exception error) => new(
        "NativeLibraryFailed", SegErrorKind.Device, $"The native library '{path}' did not load: {error.Message}",
        PlatformNative.Remedy(error.Message), path, error);
}
