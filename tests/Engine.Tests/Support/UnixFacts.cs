using Xunit;

namespace MedSeg.Engine.Tests.Support;

/// <summary>A fact that needs symbolic links.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Creating symbolic links needs a privilege on Windows.";
    }
}

/// <summary>A fact that takes its own permissions away, which root keeps and Windows does not have.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PermissionFactAttribute : FactAttribute
{
    public PermissionFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has no permission bits.";
        else if (Environment.IsPrivilegedProcess)
            Skip = "root may read everything.";
    }
}

/// <summary>A fact that mounts a small disk in a namespace of its own, which not every Linux machine lets users do.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TmpfsFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(TryMount);

    public TmpfsFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !CanMount.Value)
            Skip = "This machine does not let the tests mount a small disk in a namespace.";
    }

    private static bool TryMount()
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
                "unshare", ["-Urm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A theory that looks at a process's memory through /proc and steers the allocator of the GNU C library.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GlibcTheoryAttribute : TheoryAttribute
{
    public GlibcTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Only Linux has /proc and the GNU C library.";
    }
}
