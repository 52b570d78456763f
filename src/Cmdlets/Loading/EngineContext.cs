using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using MedSeg.Engine.Runtime;

namespace MedSeg.Cmdlets.Loading;

/// <summary>
/// The private room of the engine and its packages, so that other modules' versions of the same packages cannot clash.
/// Only MedSeg.Abstractions, whose types travel the pipeline, is shared with PowerShell.
/// </summary>
internal sealed class EngineContext : AssemblyLoadContext
{
    /// <summary>Simple name of the engine's assembly.</summary>
    public const string EngineName = "MedSeg.Engine";

    private static readonly Lazy<Assembly> LoadedEngine = new(LoadEngine);

    private readonly AssemblyDependencyResolver _resolver;
    private readonly string? _torchFolder;

    private EngineContext(string folder)
        : base(EngineName)
    {
        _resolver = new AssemblyDependencyResolver(Path.Combine(folder, EngineName + ".dll"));
        string? torch = Environment.GetEnvironmentVariable(UserTorchLibrary.Variable);
        _torchFolder = string.IsNullOrWhiteSpace(torch) ? null : Path.GetFullPath(torch);
    }

    /// <summary>The engine's assembly, loaded on first use.</summary>
    public static Assembly Engine => LoadedEngine.Value;

    /// <summary>The platform as engine folders are named: <c>linux-x64</c>, <c>win-x64</c>…</summary>
    public static string Platform { get; } = string.Concat(
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux",
        "-",
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());

    /// <summary>Full path of the engine's folder for this platform.</summary>
    public static string Folder { get; } =
        Path.Combine(Path.GetDirectoryName(typeof(EngineContext).Assembly.Location)!, "engine", Platform);

    private static string EnginePath => Path.Combine(Folder, EngineName + ".dll");

    /// <summary>Checks that the module has an engine for this platform, without loading it.</summary>
    /// <exception cref="SegException"><c>EngineMissing</c>.</exception>
    public static void Require()
    {
        if (!File.Exists(EnginePath))
        {
            throw new SegException(
                "EngineMissing",
                SegErrorKind.NotFound,
                $"This copy of MedSeg has no engine for {Platform}: '{EnginePath}' does not exist.",
                $"Install the MedSeg package for {Platform}, or build it with ./build.ps1 -Runtime {Platform}.",
                Folder);
        }
    }

    private static Assembly LoadEngine()
    {
        Require();
        return new EngineContext(Folder).LoadFromAssemblyPath(EnginePath);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        Assembly shared = typeof(SegException).Assembly;
        if (assemblyName.Name == shared.GetName().Name)
            return shared;
        string? path = _resolver.ResolveAssemblyToPath(assemblyName);
        return path is null ? null : LoadFromAssemblyPath(path);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Answers for everything in the folder: a name left to the system could find the system's own libtorch. With a libtorch of the
    /// user's own, which the engine has loaded by now, the names of its files mean those; TorchSharp's own part stays ours.
    /// </remarks>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        bool ours = _torchFolder is null || unmanagedDllName.Contains("LibTorchSharp", StringComparison.OrdinalIgnoreCase);
        string? path = (ours ? null : NativeName.Find(_torchFolder!, unmanagedDllName))
            ?? _resolver.ResolveUnmanagedDllToPath(unmanagedDllName)
            ?? NativeName.Find(Folder, unmanagedDllName);
        return path is null ? 0 : LoadUnmanagedDllFromPath(path);
    }
}
