using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data;

/// <summary>Makes the inputs of a <see cref="PreparedVolume"/>. Holds the slice it is at; for one thread at a time.</summary>
public sealed class InputReader
{
    private readonly PreparedVolume _prepared;
    private readonly float[] _raw;
    private readonly float[] _loaded;
    private readonly float[] _patch;
    private int _slice = -1;

    internal InputReader(PreparedVolume prepared)
    {
        _prepared = prepared;
        _raw = new float[prepared.RawCount];
        _loaded = new float[prepared.Channels * prepared.LoadedSize.Count];
        _patch = new float[prepared.Patches.Length is null ? 0 : prepared.AccessCount];
    }

    /// <summary>Writes one input; fastest in ascending order.</summary>
    /// <param name="index">0 … Inputs − 1.</param>
    /// <param name="destination">C·H·W values.</param>
    public void Copy(int index, Span<float> destination)
    {
        var (slice, patch) = _prepared.InputAt(index);
        var (plane, loaded) = (_prepared.Height * _prepared.Width, _prepared.LoadedSize.Count);
        if (slice != _slice)
            Load(slice);
        for (var c = 0; c < _prepared.Channels; c++)
        {
            var from = _loaded.AsSpan(c * loaded, loaded);
            _prepared.Access(c, _prepared.Patches.Length is not { } length ? from : Cut(from, _prepared.CornerOf(patch), length), destination.Slice(c * plane, plane));
        }
    }

    private void Load(int slice)
    {
        var loaded = _prepared.LoadedSize.Count;
        _slice = -1;
        for (var c = 0; c < _prepared.Channels; c++)
            _prepared.CopyLoaded(c, slice, _raw, _loaded.AsSpan(c * loaded, loaded));
        _slice = slice;
    }

    private Span<float> Cut(ReadOnlySpan<float> plane, PatchCorner corner, GridSize length)
    {
        var columns = _prepared.LoadedSize.W;
        for (var h = 0; h < length.H; h++)
            plane.Slice(((corner.H + h) * columns) + corner.W, length.W).CopyTo(_patch.AsSpan(h * length.W));
        return _patch;
    }
}
