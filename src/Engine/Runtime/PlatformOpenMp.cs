using System.Runtime.InteropServices;

namespace MedSeg.Engine.Runtime;

/// <summary>
/// How libtorch's OpenMP threads wait for work. By default they spin: with data loading or anything else on the machine, two
/// spinning threads took five times the processor time of the work itself. The library reads the setting once, while it is
/// loaded, from the C environment, which .NET's own environment functions do not reach on Unix.
/// </summary>
internal static partial class PlatformOpenMp
{
    private const string Variable = "OMP_WAIT_POLICY";
    private const string Policy = "PASSIVE";

    /// <summary>Runs <paramref name="load"/> with sleeping threads as the default; what the user has set stays.</summary>
    public static void WithSleepingThreads(Action load)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
        {
            load();
            return;
        }

        Set(Policy);
        try
        {
            load();
        }
        finally
        {
            Set(null);
        }
    }

    private static void Set(string? value)
    {
        if (OperatingSystem.IsWindows())
            Environment.SetEnvironmentVariable(Variable, value);
        else if (value is null)
            _ = UnsetEnv(Variable);
        else
            _ = SetEnv(Variable, value, 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnv(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int UnsetEnv(string name);
}
