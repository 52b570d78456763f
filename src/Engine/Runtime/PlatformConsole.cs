namespace MedSeg.Engine.Runtime;

/// <summary>
/// Keeps Ctrl+C with PowerShell. On Windows libtorch contains Intel's Fortran run-time, which takes over the console's
/// interrupts when it is loaded and ends the whole process ("forrtl: error (200): program aborting due to control-C event")
/// unless its documented variable says otherwise.
/// </summary>
internal static class PlatformConsole
{
    private const string Variable = "FOR_DISABLE_CONSOLE_CTRL_HANDLER";

    /// <summary>To be called before libtorch is loaded; what the user has set stays.</summary>
    public static void KeepInterrupts()
    {
        if (OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable(Variable) is null)
            Environment.SetEnvironmentVariable(Variable, "1");
    }
}
