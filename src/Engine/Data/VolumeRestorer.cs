using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Data;

/// <summary>
/// Puts the network's answers back onto the grid of a <see cref="PreparedVolume"/>, slice by slice; slices that are never added
/// stay 0. For one thread at a time.
/// </summary>
public sealed class VolumeRestorer
{
    private readonly PreparedVolume _prepared;
    private readonly PatchAverager? _averager;
    private readonly Volume _ras;
    private readonly float[] _access;
    private readonly float[] _loaded;
    private readonly float[] _raw;

    internal VolumeRestorer(PreparedVolume prepared, int classes)
    {
        _prepared = prepared;
        _ras = prepared.NewRas(classes);
        _averager = prepared.Patches is { Length: { } length, Stride: { } stride } ? new PatchAverager(prepared.LoadedSize, length, stride, classes) : null;
        _access = new float[prepared.AccessCount];
        _loaded = new float[_averager is null ? 0 : prepared.LoadedSize.Count];
        _raw = new float[prepared.RawCount];
    }

    /// <summary>Adds the prediction of one input. The patches of a slice must be added one after the other, in their order.</summary>
    /// <param name="index">0 … Inputs − 1.</param>
    /// <param name="probabilities">K·H·W values.</param>
    public void Add(int index, ReadOnlySpan<float> probabilities)
    {
        var (slice, patch) = _prepared.InputAt(index);
        var plane = _prepared.Height * _prepared.Width;
        for (var k = 0; k < _ras.Channels; k++)
        {
            _prepared.UndoAccess(probabilities.Slice(k * plane, plane), _access);
            if (_averager is null)
                _prepared.UndoLoad(slice, _access, _raw, _ras, k);
            else
                _averager.Add(_prepared.CornerOf(patch), k, _access);
        }

        if (_averager is not null && patch == _prepared.PatchesPerSlice - 1)
            Finish(slice, _averager);
    }

    /// <summary>The prediction with K channels and the grid, affine and orientation of the volume.</summary>
    public Volume ToVolume() => _prepared.ToOriginal(_ras);

    private void Finish(int slice, PatchAverager averager)
    {
        for (var k = 0; k < _ras.Channels; k++)
        {
            averager.CopyTo(k, _loaded);
            _prepared.UndoLoad(slice, _loaded, _raw, _ras, k);
        }

        averager.Clear();
    }
}
