namespace MedSeg.Engine.Data.Caching;

/// <summary>How much a <see cref="SampleStore"/> may hold, and where.</summary>
/// <param name="MemoryBytes">Most bytes in memory.</param>
/// <param name="DiskBytes">Most bytes on disk; null takes half of what is free there when the first array goes to disk.</param>
/// <param name="Folder">Full path of the folder in which the store makes its own.</param>
public sealed record SampleStoreLimits(long MemoryBytes, long? DiskBytes, string Folder)
{
    private const long Megabyte = 1 << 20;

    /// <summary>What <c>cache_memory_mb</c>, <c>cache_disk_mb</c> and <c>cache_path</c> say.</summary>
    /// <param name="loader">Keys that are null take half of the memory available now, half of the free disk, and the system's temporary folder.</param>
    /// <param name="location">Full path against which a relative <c>cache_path</c> is meant; null takes the process directory.</param>
    public static SampleStoreLimits Of(LoaderConfig loader, string? location = null)
    {
        ArgumentNullException.ThrowIfNull(loader);
        return new SampleStoreLimits(
            loader.CacheMemoryMb * Megabyte ?? AvailableShare(),
            loader.CacheDiskMb * Megabyte,
            loader.CachePath is { Length: > 0 } path ? Path.GetFullPath(path, location ?? Environment.CurrentDirectory) : Path.GetTempPath());
    }

    /// <summary>Half of the memory that nobody uses. The run-time's figures heed the limit of a container.</summary>
    private static long AvailableShare()
    {
        // The load is what the last collection found, and 0 before the first: one of the youngest generation brings it up to date.
        GC.Collect(0);
        var memory = GC.GetGCMemoryInfo(GCKind.Any);
        return AvailableShare(memory.TotalAvailableMemoryBytes, memory.MemoryLoadBytes);
    }

    /// <param name="total">Bytes that this process could have.</param>
    /// <param name="load">Bytes in use by all.</param>
    internal static long AvailableShare(long total, long load) => Math.Max(0, total - load) / 2;
}
