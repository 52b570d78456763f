using System.Buffers;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data;

/// <summary>
/// Makes the inputs of a <see cref="PreparedVolume"/>. Holds the slice it is at, or the volume, in arrays of the pool; for one thread at a time.
/// </summary>
public sealed class InputReader : IDisposable
{
    private readonly PreparedVolume _prepared;
    private float[]? _loaded;
    private float[]? _patch;
    private int _unit = -1;

    internal InputReader(PreparedVolume prepared)
    {
        _prepared = prepared;
        _loaded = ArrayPool<float>.Shared.Rent(prepared.Channels * prepared.LoadedSize.Count);
        _patch = ArrayPool<float>.Shared.Rent(prepared.Patches.Length is null ? 0 : prepared.AccessCount);
    }

    /// <summary>Writes one input; fastest in ascending order.</summary>
    /// <param name="index">0 … Inputs − 1.</param>
    /// <param name="destination">C·H·W values, of volumes C·H·W·D.</param>
    public void Copy(int index, Span<float> destination)
    {
        ObjectDisposedException.ThrowIf(_loaded is null, this);
        var (unit, patch) = _prepared.InputAt(index);
        var (plane, loaded) = (_prepared.Size.Count, _prepared.LoadedSize.Count);
        if (unit != _unit)
            Load(unit, _loaded);
        for (var c = 0; c < _prepared.Channels; c++)
        {
            var from = _loaded.AsSpan(c * loaded, loaded);
            _prepared.Access(c, _prepared.Patches.Length is not { } length ? from : Cut(from, _prepared.CornerOf(patch), length), destination.Slice(c * plane, plane));
        }
    }

    /// <summary>Gives the arrays back; the reader must not be used afterwards.</summary>
    public void Dispose()
    {
        Return(ref _loaded);
        Return(ref _patch);
    }

    private void Load(int unit, float[] target)
    {
        var count = _prepared.LoadedSize.Count;
        var raw = ArrayPool<float>.Shared.Rent(_prepared.RawCount);
        _unit = -1;
        for (var c = 0; c < _prepared.Channels; c++)
            _prepared.CopyLoaded(c, unit, raw.AsSpan(0, _prepared.RawCount), target.AsSpan(c * count, count));
        _unit = unit;
        ArrayPool<float>.Shared.Return(raw);
    }

    private Span<float> Cut(ReadOnlySpan<float> plane, PatchCorner corner, GridSize length)
    {
        var patch = _patch.AsSpan(0, length.Count);
        var (lines, run) = PatchGrid.Runs(length, _prepared.LoadedSize);
        for (var line = 0; line < lines; line++)
            plane.Slice(PatchGrid.StartOf(corner, line, length, _prepared.LoadedSize), run).CopyTo(patch.Slice(line * run, run));
        return patch;
    }

    private static void Return(ref float[]? array)
    {
        if (array is not null)
            ArrayPool<float>.Shared.Return(array);
        array = null;
    }
}
