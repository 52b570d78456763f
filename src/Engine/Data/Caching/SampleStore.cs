using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Data.Caching;

/// <summary>
/// Keeps prepared samples: in memory up to a budget, then in memory-mapped files up to another one. The files lie in a private
/// folder that goes when the store is disposed; what a killed process has left goes when the next store is made. Safe to use from several threads.
/// </summary>
public sealed class SampleStore : IDisposable
{
    internal const string Prefix = "medseg-samples-";

    private const long FileBytes = 64 << 20;

    private readonly SampleStoreLimits _limits;
    private readonly Action<string>? _verbose;
    private readonly long _fileBytes;
    private readonly List<SpillFile> _files = [];
    private readonly Lock _gate = new();
    private ScratchFolder? _folder;
    private long _memory;
    private long _disk;
    private long _diskLimit;
    private bool _disposed;

    /// <summary>Makes an empty store and removes what killed processes have left; no file is made before memory is full.</summary>
    /// <param name="limits">Budgets and folder.</param>
    /// <param name="verbose">Told when arrays begin to go to disk.</param>
    public SampleStore(SampleStoreLimits limits, Action<string>? verbose = null)
        : this(limits, verbose, FileBytes)
    {
    }

    /// <param name="fileBytes">Size from which a file is full; a larger array has one of its own.</param>
    internal SampleStore(SampleStoreLimits limits, Action<string>? verbose, long fileBytes)
    {
        ArgumentNullException.ThrowIfNull(limits);
        (_limits, _verbose, _fileBytes) = (limits, verbose, fileBytes);
        ScratchFolder.RemoveLeftovers(limits.Folder, Prefix);
    }

    /// <summary>Bytes in memory.</summary>
    public long MemoryBytes => Interlocked.Read(ref _memory);

    /// <summary>Bytes on disk.</summary>
    public long DiskBytes => Interlocked.Read(ref _disk);

    /// <summary>Keeps a copy of some values.</summary>
    /// <exception cref="SegException">
    /// <c>CacheFull</c>: both budgets are used up. <c>DiskFull</c> or <c>CannotWrite</c>: the disk is full sooner, or the folder cannot be
    /// used. What was added before can still be read.
    /// </exception>
    public StoredArray Add(ReadOnlySpan<float> values)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        var bytes = (long)values.Length * sizeof(float);
        if (TryReserveMemory(bytes))
            return new MemoryArray(values.ToArray());
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                return Spill(values, bytes);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw Unwritable(error);
            }
        }
    }

    /// <summary>Removes the files and their folder.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var file in _files)
                file.Dispose();
            _files.Clear();
            _folder?.Dispose();
            _folder = null;
        }
    }

    private bool TryReserveMemory(long bytes)
    {
        while (true)
        {
            var used = Interlocked.Read(ref _memory);
            if (bytes > _limits.MemoryBytes - used)
                return false;
            if (Interlocked.CompareExchange(ref _memory, used + bytes, used) == used)
                return true;
        }
    }

    private FileArray Spill(ReadOnlySpan<float> values, long bytes)
    {
        if (_folder is null)
            Open(bytes);
        if (bytes > _diskLimit - _disk)
            throw Full(bytes);
        if (_files.Count == 0 || _files[^1].Free < bytes)
        {
            if (_files.Count > 0)
                _files[^1].Seal();
            var name = FormattableString.Invariant($"{_files.Count}.bin");
            _files.Add(new SpillFile(Path.Combine(_folder!.Path, name), Math.Max(_fileBytes, bytes)));
        }

        var array = _files[^1].Append(values);
        Interlocked.Add(ref _disk, bytes);
        return array;
    }

    private void Open(long bytes)
    {
        if (_limits.DiskBytes < bytes)
            throw Full(bytes);
        _folder = ScratchFolder.Create(_limits.Folder, Prefix);
        _diskLimit = _limits.DiskBytes ?? new DriveInfo(_folder.Path).AvailableFreeSpace / 2;
        _verbose?.Invoke(
            $"Prepared samples fill their {Megabytes(_limits.MemoryBytes)} of memory; the rest goes to '{_folder.Path}', at most {Megabytes(_diskLimit)}.");
    }

    private SegException Full(long bytes) => new(
        "CacheFull", SegErrorKind.Resource,
        $"The prepared samples do not fit: {Megabytes(MemoryBytes)} of {Megabytes(_limits.MemoryBytes)} are used in memory and "
        + $"{Megabytes(DiskBytes)} of {Megabytes(_limits.DiskBytes ?? _diskLimit)} on disk in '{_limits.Folder}', and {Megabytes(bytes)} more are needed.",
        "Raise loader_parameters.cache_memory_mb or cache_disk_mb, set cache_path to a folder on a larger disk, or make the samples smaller "
        + "with Resample and CenterCrop.",
        "loader_parameters.cache_disk_mb");

    private SegException Unwritable(Exception error)
    {
        var known = AtomicFile.ErrorOf(_folder?.Path ?? _limits.Folder, error);
        return new SegException(
            known.ErrorId, known.Kind, $"The prepared samples do not fit in memory: {known.Message}",
            "Free some space, set loader_parameters.cache_path to a folder on a larger disk, or raise cache_memory_mb.", known.TargetItem, error);
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{Math.Ceiling(bytes / (double)(1 << 20)):0} MB");
}
