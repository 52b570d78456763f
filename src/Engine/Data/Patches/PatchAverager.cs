using System.Numerics.Tensors;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Patches;

/// <summary>
/// Puts the predictions of overlapping patches together: each voxel is the mean of the patches that cover it, all with the same
/// weight, and 0 where there is none. Holds one grid per class; how many patches cover a voxel is counted along the axes.
/// </summary>
/// <remarks>Patches must form a full <see cref="PatchGrid"/>: only then is the count of a voxel the product of those of its axes.</remarks>
public sealed class PatchAverager
{
    private readonly GridSize _size;
    private readonly GridSize _length;
    private readonly float[] _sums;
    private readonly float[][] _counts;

    /// <param name="size">The whole grid (H,W,D).</param>
    /// <param name="length">Size of a patch.</param>
    /// <param name="stride">Steps between patches.</param>
    /// <param name="classes">K.</param>
    public PatchAverager(GridSize size, GridSize length, GridSize stride, int classes)
    {
        (_size, _length) = (size, length);
        _sums = new float[checked(classes * size.Count)];
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
        var grid = _sums.AsSpan(k * _size.Count, _size.Count);

        // What lies together in memory: the rows of a plane, or the voxels along the depth.
        var (columns, run) = _size.D == 1 ? (1, _length.W) : (_length.W, _length.D);
        for (var h = 0; h < _length.H; h++)
        {
            for (var w = 0; w < columns; w++)
            {
                var to = grid.Slice(((((corner.H + h) * _size.W) + corner.W + w) * _size.D) + corner.D, run);
                TensorPrimitives.Add(to, values.Slice(((h * columns) + w) * run, run), to);
            }
        }
    }

    /// <summary>Writes the means of one class.</summary>
    /// <param name="destination">size.Count values.</param>
    public void CopyTo(int k, Span<float> destination)
    {
        var grid = _sums.AsSpan(k * _size.Count, _size.Count);
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
    public void Clear() => Array.Clear(_sums);

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
