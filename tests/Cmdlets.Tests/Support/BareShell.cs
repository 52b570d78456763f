using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace MedSeg.Cmdlets.Tests.Support;

/// <summary>A PowerShell engine with only the core cmdlets, as on a machine without PowerShell.</summary>
internal sealed class BareShell : IDisposable
{
    private readonly Runspace _runspace;

    public BareShell(params string[] modules)
    {
        // Specs find the module through this variable, so that an older version under artifacts is never taken.
        Environment.SetEnvironmentVariable("MEDSEG_MODULE", Repository.Module);
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(modules);
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }

        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    /// <summary>A shell that has the module under test.</summary>
    public static BareShell WithModule() => new(Path.Combine(Repository.Module, "MedSeg.psd1"));

    /// <summary>A pipeline to fill; dispose it.</summary>
    public PowerShell Pipeline()
    {
        var shell = PowerShell.Create();
        shell.Runspace = _runspace;
        return shell;
    }

    /// <summary>Runs a script to its end. Non-terminating errors are thrown as one exception.</summary>
    public IReadOnlyList<PSObject> Run(string script, params object?[] arguments)
    {
        using var shell = Pipeline();
        shell.AddScript(script);
        foreach (var argument in arguments)
        {
            shell.AddArgument(argument);
        }

        var output = shell.Invoke();
        return shell.HadErrors && shell.Streams.Error.Count > 0
            ? throw new InvalidOperationException(string.Join(Environment.NewLine, shell.Streams.Error))
            : output;
    }

    public void Dispose() => _runspace.Dispose();
}
