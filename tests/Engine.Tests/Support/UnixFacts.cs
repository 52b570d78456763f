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
