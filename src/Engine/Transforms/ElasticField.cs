using System.Buffers;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// A smooth random displacement of every voxel (Simard, Steinkraus and Platt 2003): uniform noise from −1 to 1 per axis, smoothed
/// by a Gaussian with zeros outside, times a strength. Slices are displaced in their plane.
/// </summary>
internal sealed class ElasticField
{
    private readonly GridSize _size;
    private float[][]? _shifts;

    /// <summary>A given field.</summary>
    /// <param name="shifts">Displacements in voxels along H, W (and D), each size.Count values or more.</param>
    public ElasticField(GridSize size, params float[][] shifts) => (_size, _shifts) = (size, shifts);

    /// <summary>Draws a field into pooled memory; <see cref="Release"/> gives it back.</summary>
    /// <param name="alpha">Strength in voxels.</param>
    /// <param name="sigma">Width of the Gaussian in voxels.</param>
    public static ElasticField Draw(GridSize size, double alpha, double sigma, RandomStream random)
    {
        var filter = new GaussianFilter(size, sigma, GaussianBoundary.Zero, alpha);
        var shifts = new float[size.D == 1 ? 2 : 3][];
        for (var axis = 0; axis < shifts.Length; axis++)
        {
            shifts[axis] = ArrayPool<float>.Shared.Rent(size.Count);
            var field = shifts[axis].AsSpan(0, size.Count);
            random.Fill(field, -1, 1);
            filter.Run(field, field);
        }

        return new ElasticField(size, shifts);
    }

    /// <summary>Gives the memory back; the field cannot be used any more.</summary>
    public void Release()
    {
        foreach (var shift in _shifts ?? [])
            ArrayPool<float>.Shared.Return(shift);
        _shifts = null;
    }

    /// <summary>
    /// Each output voxel is the source, interpolated linearly, at its own place plus its displacement; the source continues
    /// mirrored half a voxel beyond its ends.
    /// </summary>
    /// <param name="source">size.Count values.</param>
    /// <param name="before">
    /// A map that the source goes through first, all in one interpolation: then an output is the source at the map of the displaced
    /// place, and 0 where that is outside. Null for none.
    /// </param>
    /// <param name="destination">size.Count values; must not overlap the source.</param>
    public void Warp(ReadOnlySpan<float> source, AffineStep? before, Span<float> destination)
    {
        ObjectDisposedException.ThrowIf(_shifts is null, this);
        var rows = new WarpRows(_size);
        var layer = _size.W * _size.D;
        for (var h = 0; h < _size.H; h++)
            rows.Layer(source, _shifts, before, h, destination.Slice(h * layer, layer));
        rows.Release();
    }
}
