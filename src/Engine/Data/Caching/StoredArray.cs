namespace MedSeg.Engine.Data.Caching;

/// <summary>Numbers in a <see cref="SampleStore"/>; they never change. Safe to read from several threads until the store is disposed.</summary>
public abstract class StoredArray
{
    private protected StoredArray(int length) => Length = length;

    /// <summary>Number of values.</summary>
    public int Length { get; }

    /// <summary>Reads a part, bit for bit as it was added.</summary>
    /// <param name="start">Index of the first value.</param>
    /// <param name="destination">As many values as are wanted.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part goes beyond the array.</exception>
    /// <exception cref="ObjectDisposedException">The values were on disk and the store is disposed.</exception>
    public void CopyTo(int start, Span<float> destination)
    {
        Check(start, destination.Length);
        Copy(start, destination);
    }

    /// <summary>As <see cref="CopyTo"/>, without a copy where the values are in memory.</summary>
    /// <param name="start">Index of the first value.</param>
    /// <param name="buffer">As many values as are wanted; filled only where the values are on disk.</param>
    /// <returns>The values, in memory or in <paramref name="buffer"/>.</returns>
    public ReadOnlySpan<float> Read(int start, Span<float> buffer)
    {
        Check(start, buffer.Length);
        return View(start, buffer);
    }

    private protected abstract void Copy(int start, Span<float> destination);

    private protected virtual ReadOnlySpan<float> View(int start, Span<float> buffer)
    {
        Copy(start, buffer);
        return buffer;
    }

    private void Check(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length - start);
    }
}

internal sealed class MemoryArray(float[] values) : StoredArray(values.Length)
{
    private protected override void Copy(int start, Span<float> destination) => values.AsSpan(start, destination.Length).CopyTo(destination);

    private protected override ReadOnlySpan<float> View(int start, Span<float> buffer) => values.AsSpan(start, buffer.Length);
}

/// <param name="offset">In bytes from the start of the file.</param>
internal sealed class FileArray(SpillFile file, long offset, int length) : StoredArray(length)
{
    private protected override void Copy(int start, Span<float> destination) => file.Read(offset + ((long)start * sizeof(float)), destination);
}
