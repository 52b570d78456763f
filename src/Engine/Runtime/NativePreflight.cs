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
    private static readonly Lazy<bool> OnnxReady = new(() => Load(PlatformNative.OnnxAssembly, PlatformNative.OnnxLibrary));

    /// <summary>Makes sure that libtorch can be used, and sets its threads to the number of physical cores.</summary>
    /// <exception cref="SegException">
    /// <c>NativeLibraryMissing</c> or <c>NativeLibraryFailed</c>, or an error of <see cref="UserTorchLibrary.Load"/>.
    /// </exception>
    public static void EnsureTorch() => _ = TorchReady.Value;

    /// <summary>Makes sure that ONNX Runtime can be used.</summary>
    /// <exception cref="SegException"><c>NativeLibraryMissing</c> or <c>NativeLibraryFailed</c>.</exception>
    public static void EnsureOnnx() => _ = OnnxReady.Value;

    private static bool LoadTorch()
    {
        PlatformConsole.KeepInterrupts();
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

    /// <summary>libtorch from the user's folder or our own, then TorchSharp's part, which takes what is in the process already.</summary>
    private static void LoadTorchFiles()
    {
        var assembly = PlatformNative.TorchAssembly;
        if (UserTorchLibrary.Configured() is { } chosen)
        {
            chosen.Load();
        }
        else
        {
            foreach (var (name, required) in PlatformNative.TorchLibraries)
            {
                if (required || Find(PlatformNative.Folders(assembly), name) is not null)
                    Load(assembly, name);
            }
        }

        Load(assembly, PlatformNative.TorchSharpLibrary);
    }

    private static bool Load(Assembly assembly, string name) => Load(PlatformNative.Folders(assembly), name);

    /// <summary>Loads one library from the first folder that has it.</summary>
    internal static bool Load(IReadOnlyList<string> folders, string name)
    {
        var path = Find(folders, name) ?? throw Missing(folders, name);
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

    private static string? Find(IReadOnlyList<string> folders, string name) =>
        folders.Select(folder => Path.Combine(folder, PlatformNative.FileName(name))).FirstOrDefault(File.Exists);

    private static SegException Missing(IReadOnlyList<string> folders, string name) => new(
        "NativeLibraryMissing", SegErrorKind.Device,
        $"The native library '{PlatformNative.FileName(name)}' is not in '{folders[0]}'.",
        "Install the module again, complete and for this operating system.", name);

    private static SegException Failed(string path, Exception error) => new(
        "NativeLibraryFailed", SegErrorKind.Device, $"The native library '{path}' did not load: {error.Message}",
        PlatformNative.Remedy(error.Message), path, error);
}
