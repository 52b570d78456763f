namespace MedSeg.Engine.Runtime;

/// <summary>What the operating systems call the same file errors.</summary>
internal static class PlatformFiles
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int WindowsLockViolation = unchecked((int)0x80070021);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    // On Unix, IOException.HResult is the errno itself.
    private const int UnixNoSpace = 28;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    /// <summary>How paths are compared: only Linux takes paths that differ in case for different files.</summary>
    public static StringComparison PathComparison { get; } =
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>As <see cref="PathComparison"/>, for sets and dictionaries.</summary>
    public static StringComparer PathComparer { get; } = StringComparer.FromComparison(PathComparison);

    /// <summary>The volume or the user's quota is full.</summary>
    public static bool IsDiskFull(IOException error) => OperatingSystem.IsWindows()
        ? error.HResult is WindowsDiskFull or WindowsHandleDiskFull
        : error.HResult == UnixNoSpace || error.HResult == (OperatingSystem.IsMacOS() ? MacQuota : LinuxQuota);

    /// <summary>A file could not be opened because another handle holds it exclusively.</summary>
    public static bool IsInUse(IOException error) => OperatingSystem.IsWindows()
        ? error.HResult is WindowsSharingViolation or WindowsLockViolation
        : error.HResult == (OperatingSystem.IsMacOS() ? MacWouldBlock : LinuxWouldBlock);

    /// <summary>
    /// Another process (a virus scanner, an indexer, a viewer) holds the file for a moment. Windows reports an open target of
    /// a rename as "access denied", so that counts too; Unix renames over open files and has nothing to wait for.
    /// </summary>
    public static bool IsTransient(Exception error) => OperatingSystem.IsWindows()
        && (error is UnauthorizedAccessException || (error is IOException io && IsInUse(io)));
}
