using System.Runtime.InteropServices;

namespace MedSeg.Cmdlets.Loading;

/// <summary>
/// A libtorch folder of the user's own, for example with CUDA, in place of the one that comes with the module.
/// </summary>
/// <remarks>
/// The libraries find each other by name once they are in the process, so the order of loading decides which copy is used:
/// c10, torch_cpu, torch_cuda where there is one, torch, and only then TorchSharp's own library.
/// </remarks>
internal sealed class TorchLibrary(string? folder)
{
    /// <summary>Environment variable with the full path of the folder.</summary>
    public const string Variable = "MEDSEG_TORCH_LIB";

    private static readonly string[] LoadOrder = ["c10", "torch_cpu", "torch_cuda", "torch"];

    private readonly string? _folder = string.IsNullOrWhiteSpace(folder) ? null : folder;
    private bool _loaded;

    /// <summary>Full path of a libtorch library in the user's folder; null for other libraries or without such a folder.</summary>
    /// <exception cref="SegException"><c>TorchLibraryMissing</c> or <c>TorchLibraryNotLoaded</c>.</exception>
    public string? Find(string name)
    {
        if (_folder is null || !name.Contains("torch", StringComparison.OrdinalIgnoreCase) && !name.Contains("c10", StringComparison.Ordinal))
            return null;
        Preload(_folder);
        return name.Contains("LibTorchSharp", StringComparison.OrdinalIgnoreCase) ? null : NativeName.Find(_folder, name);
    }

    /// <summary>Checks that the user's folder, if any, has the libraries; loads nothing.</summary>
    /// <exception cref="SegException"><c>TorchLibraryMissing</c>.</exception>
    public void Require()
    {
        string? missing = _folder is null ? null : LoadOrder.FirstOrDefault(name => name != "torch_cuda" && NativeName.Find(_folder, name) is null);
        if (missing is not null)
            throw Error("TorchLibraryMissing", SegErrorKind.NotFound, $"{Variable} names '{_folder}', which has no {missing} library.", null);
    }

    private void Preload(string path)
    {
        if (_loaded)
            return;
        Require();
        foreach (string file in LoadOrder.Select(name => NativeName.Find(path, name)).OfType<string>())
            Load(file);
        _loaded = true;
    }

    private static void Load(string file)
    {
        try
        {
            NativeLibrary.Load(file);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw Error("TorchLibraryNotLoaded", SegErrorKind.Device, $"'{file}' could not be loaded: {e.Message}", e);
        }
    }

    private static SegException Error(string id, SegErrorKind kind, string message, Exception? inner) =>
        new(id, kind, message, $"Set {Variable} to the lib folder of libtorch for this platform, or remove it.", Variable, inner);
}
