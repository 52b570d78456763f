using System.Globalization;
using System.Management.Automation.Host;
using System.Reflection;

namespace MedSeg.Shell.Hosting;

/// <summary>PowerShell's view of the program around it.</summary>
internal sealed class ShellHost(bool interactive) : PSHost, IDisposable
{
    private readonly ShellUserInterface _ui = new(interactive);

    /// <summary>What <c>exit</c> asked for; null as long as nothing did.</summary>
    public int? ExitCode { get; private set; }

    public override string Name => "MedSeg";

    public override Version Version { get; } = Assembly.GetExecutingAssembly().GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => _ui;

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException("medseg has no prompt to enter.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("medseg has no prompt to leave.");

    public override void NotifyBeginApplication() => HideProgress();

    public override void NotifyEndApplication()
    {
    }

    /// <summary>Takes progress bars off the terminal.</summary>
    public void HideProgress() => _ui.HideProgress();

    public void Dispose() => _ui.HideProgress();
}
