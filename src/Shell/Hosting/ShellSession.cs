using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.InteropServices;
using MedSeg.Shell.Commands;

namespace MedSeg.Shell.Hosting;

/// <summary>One run of the shell: a runspace with the module, one script or text, an exit code.</summary>
internal sealed class ShellSession : IDisposable
{
    private const int FailureExitCode = 1;
    private const int StoppedExitCode = 130;
    private const string LastSuccess = "MedSegLastSuccess";
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic;

    private readonly CommandLine _command;
    private readonly ShellHost _host;
    private readonly Runspace _runspace;
    private readonly string _module;
    private volatile Pipeline? _running;
    private volatile bool _stopped;
    private int _signals;

    public ShellSession(string module, CommandLine command)
    {
        _command = command;
        _module = module;
        _host = new ShellHost(interactive: !command.NonInteractive && !Console.IsInputRedirected);
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.Commands.Add(BasicCommands.All);
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.RemoteSigned;
        _runspace = RunspaceFactory.CreateRunspace(_host, state);
    }

    /// <summary>Runs the command and returns the exit code that pwsh would return.</summary>
    public int Run()
    {
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
        RethrowExit(_runspace);

        var import = new Command("Import-Module");
        import.Parameters.Add("Name", _module);
        import.Parameters.Add("ErrorAction", ActionPreference.Stop);
        if (!Execute(import))
            return FailureExitCode;

        if (_command.Command is not null && !Parses(_command.Command))
            return FailureExitCode;
        bool completed = Execute(_command.File is null ? TextCommand() : FileCommand());
        if (_stopped)
            return StoppedExitCode;
        if (_host.ExitCode is int code)
            return code;
        return completed && (_command.File is not null || LastStatementSucceeded()) ? 0 : FailureExitCode;
    }

    public void Dispose()
    {
        _runspace.Dispose();
        _host.Dispose();
    }

    /// <summary>Without it, <c>exit 3</c> in a script file ends the file only: pwsh sets the same switch before it runs -File.</summary>
    private static void RethrowExit(Runspace runspace)
    {
        object context = typeof(Runspace).GetProperty("ExecutionContext", Internal)!.GetValue(runspace)!;
        context.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Internal)!.SetValue(context, true);
    }

    private bool Parses(string text)
    {
        Parser.ParseInput(text, out _, out ParseError[] errors);
        foreach (ParseError error in errors)
            _host.UI.WriteErrorLine($"ParserError: line {error.Extent.StartLineNumber}: {error.Message}");
        return errors.Length == 0;
    }

    private Command FileCommand()
    {
        var command = new Command(_command.File, isScript: false, useLocalScope: false);
        foreach (CommandParameter parameter in CommandLine.ParametersOf(_command.FileArguments))
            command.Parameters.Add(parameter);
        return command;
    }

    /// <summary>True when the command came to its end; errors that end it are shown.</summary>
    private bool Execute(Command command)
    {
        using Pipeline pipeline = _runspace.CreatePipeline();
        command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add(command);
        pipeline.Commands.Add(new Command("Out-Default"));
        _running = pipeline;
        try
        {
            if (_stopped)
                return false;
            pipeline.Invoke();
            return true;
        }
        catch (PipelineStoppedException)
        {
            return false;
        }
        catch (RuntimeException e)
        {
            Show(e);
            return false;
        }
        finally
        {
            _running = null;
            _host.HideProgress();
        }
    }

    private void Show(RuntimeException exception)
    {
        using Pipeline pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add(new Command("Out-Default") { MergeUnclaimedPreviousCommandResults = PipelineResultTypes.None });
        var record = new PSObject(exception.ErrorRecord ?? new ErrorRecord(exception, "Error", ErrorCategory.NotSpecified, null));
        SendToStandardError(record);
        pipeline.Invoke(new Collection<PSObject> { record });
    }

    /// <summary>Marks a record as pwsh does: writing it anew would put the place of the writing in that of the error.</summary>
    private static void SendToStandardError(PSObject record)
    {
        PropertyInfo stream = typeof(PSObject).GetProperty("WriteStream", Internal)!;
        stream.SetValue(record, Enum.Parse(stream.PropertyType, "Error"));
    }

    /// <summary>As pwsh does, -Command fails when its last statement failed: <c>$?</c> is kept before the pipeline's end changes it.</summary>
    private Command TextCommand() => new($"{_command.Command}\n$global:{LastSuccess} = $?", isScript: true, useLocalScope: false);

    private bool LastStatementSucceeded() => _runspace.SessionStateProxy.GetVariable(LastSuccess) is not false;

    /// <summary>The first signal stops the pipeline, which may take its time to clean up; a second one ends the process at once.</summary>
    private void Stop(PosixSignalContext context)
    {
        if (Interlocked.Exchange(ref _signals, 1) != 0)
            return; // Not cancelled: the system's default follows.
        context.Cancel = true;
        _stopped = true;
        _running?.StopAsync();
    }
}
