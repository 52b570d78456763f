using System.Buffers;
using System.Numerics.Tensors;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Patches;

/// <summary>
/// Puts the predictions of overlapping patches together: each voxel is the mean of the patches that cover it, all with the same
/// weight, and 0 where there is none. Holds one grid per class in an array of the pool; how many patches cover a voxel is counted along the axes.
/// </summary>
/// <remarks>Patches must form a full <see cref="PatchGrid"/>: only then is the count of a voxel the product of those of its axes.</remarks>
public sealed class PatchAverager : IDisposable
{
    private readonly GridSize _size;
    private readonly GridSize _length;
    private readonly int _classes;
    private float[]? _sums;
    private readonly float[][] _counts;

    /// <param name="size">The whole grid (H,W,D).</param>
    /// <param name="length">Size of a patch.</param>
    /// <param name="stride">Steps between patches.</param>
    /// <param name="classes">K.</param>
    public PatchAverager(GridSize size, GridSize length, GridSize stride, int classes)
    {
        (_size, _length, _classes) = (size, length, classes);
        _sums = ArrayPool<float>.Shared.Rent(checked(classes * size.Count));
        Clear();
        _counts =
        [
            Covering(size.H, length.H, stride.H),
            Covering(size.W, length.W, stride.W),
            Covering(size.D, length.D, stride.D),
        ];
    }

    /// <summary>Adds one class of one patch.</summary>
    /// <param name="corner">Where the patch begins.</param>
    /// <param name="k">The class.</param>
    /// <param name="values">Length.Count values.</param>
    public void Add(PatchCorner corner, int k, ReadOnlySpan<float> values)
    {
        var grid = Grid(k);
        var (lines, run) = PatchGrid.Runs(_length, _size);
        for (var line = 0; line < lines; line++)
        {
            var to = grid.Slice(PatchGrid.StartOf(corner, line, _length, _size), run);
            TensorPrimitives.Add(to, values.Slice(line * run, run), to);
        }
    }

    /// <summary>Writes the means of one class.</summary>
    /// <param name="destination">size.Count values.</param>
    public void CopyTo(int k, Span<float> destination)
    {
        var grid = Grid(k);
        var i = 0;
        for (var h = 0; h < _size.H; h++)
        {
            for (var w = 0; w < _size.W; w++)
            {
                var plane = _counts[0][h] * _counts[1][w];
                for (var d = 0; d < _size.D; d++, i++)
                    destination[i] = grid[i] / (plane * _counts[2][d]);
            }
        }
    }

    /// <summary>Begins a new grid.</summary>
    public void Clear()
    {
        for (var k = 0; k < _classes; k++)
            Grid(k).Clear();
    }

    /// <summary>Gives the grids back; the averager must not be used afterwards.</summary>
    public void Dispose()
    {
        if (_sums is not null)
            ArrayPool<float>.Shared.Return(_sums);
        _sums = null;
    }

    private Span<float> Grid(int k)
    {
        ObjectDisposedException.ThrowIf(_sums is null, this);
        return _sums.AsSpan(k * _size.Count, _size.Count);
    }

    private static float[] Covering(int size, int length, int stride)
    {
        var counts = new float[size];
        foreach (var start in PatchGrid.Starts(size, length, stride))
        {
            for (var i = start; i < start + length; i++)
                counts[i]++;
        }

        return counts;
    }
}
