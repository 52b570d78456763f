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
    /// <param name="destination">size.Count values; must not overlap the source.</param>
    public void Warp(ReadOnlySpan<float> source, Span<float> destination)
    {
        var shifts = Shifts();
        source = source[.._size.Count];
        for (var h = 0; h < _size.H; h++)
        {
            if (_size.D == 1)
                Row(source, shifts, h, destination.Slice(h * _size.W, _size.W));
            else
                Layer(source, shifts, h, destination.Slice(h * _size.W * _size.D, _size.W * _size.D));
        }
    }

    /// <summary>
    /// The same for a source that an affine map turns first, in one interpolation: output o is the source at the map of o plus
    /// displacement, and 0 where that is outside.
    /// </summary>
    public void Warp(ReadOnlySpan<float> source, AffineStep before, Span<float> destination)
    {
        var shifts = Shifts();
        var i = 0;
        for (var h = 0; h < _size.H; h++)
        {
            for (var w = 0; w < _size.W; w++)
            {
                for (var d = 0; d < _size.D; d++, i++)
                {
                    var (y, x, z) = before.Map(
                        Reflected(h + (double)shifts[0][i], _size.H),
                        Reflected(w + (double)shifts[1][i], _size.W),
                        shifts.Length == 2 ? 0 : Reflected(d + (double)shifts[2][i], _size.D));
                    destination[i] = VoxelSampler.At(source, _size, y, x, z);
                }
            }
        }
    }

    private float[][] Shifts() => _shifts ?? throw new ObjectDisposedException(nameof(ElasticField));

    private void Row(ReadOnlySpan<float> source, float[][] shifts, int h, Span<float> destination)
    {
        var width = _size.W;
        var shiftH = shifts[0].AsSpan(h * width, width);
        var shiftW = shifts[1].AsSpan(h * width, width);
        for (var w = 0; w < width; w++)
        {
            var (floorH, floorW) = (MathF.Floor(shiftH[w]), MathF.Floor(shiftW[w]));
            var (weightH, weightW) = (shiftH[w] - floorH, shiftW[w] - floorW);
            var (i, j) = (h + (int)floorH, w + (int)floorW);
            if ((uint)i < (uint)(_size.H - 1) && (uint)j < (uint)(width - 1))
            {
                var at = (i * width) + j;
                var upper = source[at] + (weightW * (source[at + 1] - source[at]));
                var lower = source[at + width] + (weightW * (source[at + width + 1] - source[at + width]));
                destination[w] = upper + (weightH * (lower - upper));
            }
            else
            {
                destination[w] = VoxelSampler.Between(
                    source, _size, Ends(i, _size.H), Ends(j, width), (0, 0), (weightH, weightW, 0));
            }
        }
    }

    private void Layer(ReadOnlySpan<float> source, float[][] shifts, int h, Span<float> destination)
    {
        var first = h * _size.W * _size.D;
        for (var o = 0; o < destination.Length; o++)
        {
            var (w, d) = (o / _size.D, o % _size.D);
            var (shiftH, shiftW, shiftD) = (shifts[0][first + o], shifts[1][first + o], shifts[2][first + o]);
            var (floorH, floorW, floorD) = (MathF.Floor(shiftH), MathF.Floor(shiftW), MathF.Floor(shiftD));
            destination[o] = VoxelSampler.Between(
                source, _size, Ends(h + (int)floorH, _size.H), Ends(w + (int)floorW, _size.W), Ends(d + (int)floorD, _size.D),
                (shiftH - floorH, shiftW - floorW, shiftD - floorD));
        }
    }

    /// <summary>The voxels of the mirrored grid that stand at an index and after it.</summary>
    private static (int First, int Second) Ends(int i, int n) =>
        (uint)i < (uint)(n - 1) ? (i, i + 1) : (BandMatrix.Reflect(i, n), BandMatrix.Reflect(i + 1, n));

    /// <summary>The place within the grid that has the value of a place in the mirrored grid.</summary>
    private static double Reflected(double place, int n)
    {
        if (place >= 0 && place <= n - 1)
            return place;
        var u = place - (2 * n * Math.Floor(place / (2 * n)));
        return Math.Clamp(Math.Min(u, (2 * n) - 1 - u), 0, n - 1);
    }
}
