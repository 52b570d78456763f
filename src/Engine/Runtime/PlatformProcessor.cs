using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MedSeg.Engine.Runtime;

/// <summary>What the operating systems say about the processor.</summary>
internal static partial class PlatformProcessor
{
    /// <summary>Number of threads to compute with, instead of the number of physical cores.</summary>
    public const string ThreadsVariable = "MEDSEG_THREADS";

    private const int RelationProcessorCore = 0;

    /// <summary>
    /// Threads for computing: physical cores, since two threads of one core share its arithmetic units, and not more than this
    /// process may use (affinity, container limits). The variable <see cref="ThreadsVariable"/> goes first.
    /// </summary>
    public static int DefaultThreads { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(ThreadsVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var threads) && threads > 0
            ? threads
            : Math.Clamp(PhysicalCores(), 1, Environment.ProcessorCount);

    /// <summary>Name of the processor, or its architecture where the system does not tell.</summary>
    public static string Name { get; } = OperatingSystem.IsLinux() ? LinuxName() : WindowsName();

    /// <summary>Whether the processor multiplies bfloat16: AVX512_BF16 or AMX.</summary>
    public static bool HasBFloat16 { get; } =
        X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7
        && (((X86Base.CpuId(7, 1).Eax >> 5) & 1) == 1 || ((X86Base.CpuId(7, 0).Edx >> 22) & 1) == 1);

    /// <summary>Memory that this process may use, in bytes.</summary>
    public static long MemoryBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private static int PhysicalCores() =>
        OperatingSystem.IsLinux() ? LinuxCores() : OperatingSystem.IsWindows() ? WindowsCores() : Environment.ProcessorCount;

    /// <summary>Distinct sibling lists: threads of one core have the same.</summary>
    private static int LinuxCores()
    {
        const string root = "/sys/devices/system/cpu";
        try
        {
            return Directory.EnumerateDirectories(root, "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists).Select(File.ReadAllText).Distinct(StringComparer.Ordinal).Count() is > 0 and var cores
                ? cores
                : Environment.ProcessorCount;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Environment.ProcessorCount;
        }
    }

    private static string LinuxName()
    {
        try
        {
            var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
            return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() is { Length: > 0 } name ? name : $"{RuntimeInformation.ProcessArchitecture} processor";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{RuntimeInformation.ProcessArchitecture} processor";
        }
    }

    private static string WindowsName() =>
        Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? $"{RuntimeInformation.ProcessArchitecture} processor";

    private static unsafe int WindowsCores()
    {
        var length = 0u;
        GetLogicalProcessorInformationEx(RelationProcessorCore, null, ref length);
        if (length == 0)
            return Environment.ProcessorCount;
        var buffer = new byte[length];
        fixed (byte* start = buffer)
        {
            if (!GetLogicalProcessorInformationEx(RelationProcessorCore, start, ref length))
                return Environment.ProcessorCount;
            var cores = 0;
            for (var offset = 0u; offset < length; cores++)
                offset += Math.Max(8, *(uint*)(start + offset + sizeof(uint))); // records: relationship, size, …
            return cores;
        }
    }

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool GetLogicalProcessorInformationEx(int relationship, byte* buffer, ref uint length);
}
