using System.Management.Automation;
using System.Runtime.Loader;

namespace MedSeg.Cmdlets.Loading;

/// <summary>Runs when the module is imported: makes the engine findable without loading it.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    private static int _registered;

    /// <inheritdoc/>
    /// <remarks>
    /// Every import in every runspace of the process lands here, one registration serves them all. It stays after Remove-Module:
    /// the assembly stays loaded too, its objects may still be in use, and the handler answers to nothing but the engine's name.
    /// </remarks>
    public void OnImport()
    {
        if (Interlocked.Exchange(ref _registered, 1) != 0)
            return;
        // Loads the pipeline types, so that scripts can name them ([MedSeg.TransformConfig]) before the first cmdlet has run.
        GC.KeepAlive(typeof(SegConfig));
        AssemblyLoadContext own = AssemblyLoadContext.GetLoadContext(typeof(ModuleInitializer).Assembly) ?? AssemblyLoadContext.Default;
        own.Resolving += (_, name) => name.Name == EngineContext.EngineName ? EngineContext.Engine : null;
    }
}
