using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace MedSeg.Engine.Runtime;

/// <summary>
/// A libtorch folder of the user's own, for example with CUDA, in place of the one that comes with the module. It must have the
/// version that TorchSharp was made for.
/// </summary>
/// <remarks>
/// TorchSharp asks for torch_cpu once more, by name, and a process with two copies of libtorch ends. So the load context that has
/// the engine must answer such names from the same folder, as the module's does; the default context cannot.
/// </remarks>
/// <param name="folder">Full path.</param>
public sealed class UserTorchLibrary(string folder)
{
    /// <summary>Environment variable with the path of the folder.</summary>
    public const string Variable = "MEDSEG_TORCH_LIB";

    /// <summary>The folder that the environment names, or null.</summary>
    public static UserTorchLibrary? Configured() =>
        Environment.GetEnvironmentVariable(Variable) is { } folder && !string.IsNullOrWhiteSpace(folder)
            ? new UserTorchLibrary(Path.GetFullPath(folder)) : null;

    /// <summary>Loads all parts, each after those that it needs. Nothing is loaded when one is missing.</summary>
    /// <exception cref="SegException"><c>TorchLibraryMissing</c>, <c>TorchLibraryNotLoaded</c> or <c>TorchLibraryNotUsable</c>.</exception>
    public void Load()
    {
        foreach (var (name, required) in PlatformNative.TorchLibraries)
        {
            if (required && !File.Exists(PathOf(name)))
            {
                throw Error(
                    "TorchLibraryMissing", SegErrorKind.NotFound,
                    $"{Variable} names '{folder}', which has no '{PlatformNative.FileName(name)}'.", null);
            }
        }

        if (AssemblyLoadContext.GetLoadContext(PlatformNative.TorchAssembly) == AssemblyLoadContext.Default)
        {
            throw Error(
                "TorchLibraryNotUsable", SegErrorKind.NotSupported,
                $"{Variable} names '{folder}', which only the module can use, not a program that was built with the engine.", null);
        }

        foreach (var path in PlatformNative.TorchLibraries.Select(library => PathOf(library.Name)).Where(File.Exists))
            LoadFile(path);
    }

    private static void LoadFile(string path)
    {
        try
        {
            NativeLibrary.Load(path);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw Error("TorchLibraryNotLoaded", SegErrorKind.Device, $"'{path}' ({Variable}) did not load: {error.Message}", error);
        }
    }

    private string PathOf(string name) => Path.Combine(folder, PlatformNative.FileName(name));

    private static SegException Error(string id, SegErrorKind kind, string message, Exception? inner) =>
        new(id, kind, message, $"Set {Variable} to the lib folder of libtorch for this platform, or remove it.", Variable, inner);
}
