using System.Runtime.InteropServices;
using Xunit;

namespace MedSeg.Cmdlets.Tests.Support;

/// <summary>A fact that sends signals, which Windows lacks: there a process cannot send another one Ctrl+C alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SignalFactAttribute : FactAttribute
{
    private const int Interrupt = 2;

    public SignalFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has no signals.";
        else if (Ignored(Interrupt))
            Skip = "Processes started in the background, for example under nohup, ignore Ctrl+C, and so do their children.";
    }

    /// <summary>Whether this process hands the signal to its children as one to be ignored.</summary>
    private static bool Ignored(int signal)
    {
        const string Status = "/proc/self/status", Field = "SigIgn:";
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(text => text.StartsWith(Field, StringComparison.Ordinal)) : null;
        return line is not null && (Convert.ToUInt64(line[Field.Length..].Trim(), 16) >> (signal - 1) & 1) == 1;
    }
}

/// <summary>A fact that makes shell scripts and runs them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BashFactAttribute : FactAttribute
{
    public BashFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows runs no scripts without an extension.";
    }
}

/// <summary>A fact that looks into /proc.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Linux only.";
    }
}

/// <summary>A fact that needs a terminal, which <c>script</c> of util-linux makes.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TerminalFactAttribute : FactAttribute
{
    public TerminalFactAttribute()
    {
        if (!File.Exists(Terminal.Program))
            Skip = $"{Terminal.Program} is not installed.";
    }
}

/// <summary>Sends signals to processes.</summary>
internal static class Signal
{
    /// <summary>What Ctrl+C sends.</summary>
    public const int Interrupt = 2;

    /// <summary>Sends a signal; throws when the process is gone.</summary>
    public static void Send(System.Diagnostics.Process process, int signal) => Assert.Equal(0, Kill(process.Id, signal));

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
