using System.Buffers;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Data;

/// <summary>
/// Puts the network's answers back onto the grid of a <see cref="PreparedVolume"/>, slice by slice or the volume at once; slices that are
/// never added stay 0. Works in arrays of the pool; for one thread at a time.
/// </summary>
public sealed class VolumeRestorer : IDisposable
{
    private readonly PreparedVolume _prepared;
    private readonly PatchAverager? _averager;
    private readonly Volume _ras;
    private readonly float[] _access;
    private bool _disposed;

    internal VolumeRestorer(PreparedVolume prepared, int classes)
    {
        _prepared = prepared;
        _ras = prepared.NewRas(classes);
        _averager = prepared.Patches is { Length: { } length, Stride: { } stride } ? new PatchAverager(prepared.LoadedSize, length, stride, classes) : null;
        _access = ArrayPool<float>.Shared.Rent(prepared.AccessCount);
    }

    /// <summary>Adds the prediction of one input. The patches of a unit must be added one after the other, in their order.</summary>
    /// <param name="index">0 … Inputs − 1.</param>
    /// <param name="probabilities">K·H·W values, of volumes K·H·W·D.</param>
    public void Add(int index, ReadOnlySpan<float> probabilities)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var (unit, patch) = _prepared.InputAt(index);
        var plane = _prepared.Size.Count;
        for (var k = 0; k < _ras.Channels; k++)
        {
            _prepared.UndoAccess(probabilities.Slice(k * plane, plane), _access);
            if (_averager is null)
                UndoLoad(unit, _access, k);
            else
                _averager.Add(_prepared.CornerOf(patch), k, _access);
        }

        if (_averager is not null && patch == _prepared.PatchesPerUnit - 1)
            Finish(unit, _averager);
    }

    /// <summary>The prediction with K channels and the grid, affine and orientation of the volume.</summary>
    public Volume ToVolume() => _prepared.ToOriginal(_ras);

    /// <summary>Gives the arrays back.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _averager?.Dispose();
        ArrayPool<float>.Shared.Return(_access);
    }

    private void Finish(int unit, PatchAverager averager)
    {
        var loaded = ArrayPool<float>.Shared.Rent(_prepared.LoadedSize.Count);
        for (var k = 0; k < _ras.Channels; k++)
        {
            averager.CopyTo(k, loaded);
            UndoLoad(unit, loaded, k);
        }

        ArrayPool<float>.Shared.Return(loaded);
        averager.Clear();
    }

    private void UndoLoad(int unit, float[] loaded, int k)
    {
        var raw = ArrayPool<float>.Shared.Rent(_prepared.RawCount);
        _prepared.UndoLoad(unit, loaded, raw.AsSpan(0, _prepared.RawCount), _ras, k);
        ArrayPool<float>.Shared.Return(raw);
    }
}
