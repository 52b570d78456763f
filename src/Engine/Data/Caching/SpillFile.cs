using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MedSeg.Engine.Data.Caching;

/// <summary>
/// A temporary file to which arrays are appended. While it grows it is read through its handle; once sealed it is mapped into
/// memory. It is filled by writing, never through the mapping: a full disk is then an error that can be caught, where touching a
/// mapped page without a block behind it ends the process.
/// </summary>
/// <remarks>
/// On Unix the file loses its name as soon as it is open, on Windows the system deletes it with its last handle: a process that is
/// killed leaves no data.
/// </remarks>
internal sealed class SpillFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly long _capacity;
    private MemoryMappedFile? _map;
    private volatile MemoryMappedViewAccessor? _view;
    private long _length;

    /// <param name="path">A new file.</param>
    /// <param name="capacity">Bytes after which it is full.</param>
    public SpillFile(string path, long capacity)
    {
        _capacity = capacity;
        _handle = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None,
            FileOptions.RandomAccess | (OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None));
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
    }

    /// <summary>Bytes that can still be appended.</summary>
    public long Free => _view is null ? _capacity - _length : 0;

    /// <summary>Appends values; one thread at a time.</summary>
    public FileArray Append(ReadOnlySpan<float> values)
    {
        var bytes = MemoryMarshal.AsBytes(values);
        RandomAccess.Write(_handle, bytes, _length);
        var array = new FileArray(this, _length, values.Length);
        _length += bytes.Length;
        return array;
    }

    /// <summary>Ends appending and maps the file.</summary>
    public void Seal()
    {
        if (_length == 0 || _view is not null)
            return;
        _map = MemoryMappedFile.CreateFromFile(_handle, null, _length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, _length, MemoryMappedFileAccess.Read);
    }

    /// <summary>Reads values from a place in bytes. Safe beside <see cref="Append"/> and <see cref="Seal"/>.</summary>
    public void Read(long offset, Span<float> destination)
    {
        var bytes = MemoryMarshal.AsBytes(destination);
        if (_view is { } view)
            ReadMapped(view, offset, bytes);
        else
            ReadFile(offset, bytes);
    }

    public void Dispose()
    {
        _view?.Dispose();
        _map?.Dispose();
        _handle.Dispose();
    }

    /// <summary>Holds the mapping while it copies, so that disposing meanwhile waits with unmapping.</summary>
    private static unsafe void ReadMapped(MemoryMappedViewAccessor view, long offset, Span<byte> destination)
    {
        byte* start = null;
        try
        {
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            new ReadOnlySpan<byte>(start + view.PointerOffset + offset, destination.Length).CopyTo(destination);
        }
        finally
        {
            if (start != null)
                view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private void ReadFile(long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            var read = RandomAccess.Read(_handle, destination, offset);
            if (read == 0)
                throw new EndOfStreamException("A temporary file of prepared samples has been shortened by another program.");
            destination = destination[read..];
            offset += read;
        }
    }
}
