using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Patches;

/// <summary>Where a patch begins within a slice or volume.</summary>
public readonly record struct PatchCorner(int H, int W, int D = 0)
{
    public override string ToString() => FormattableString.Invariant($"({H}, {W}, {D})");
}

/// <summary>
/// The windows that cover a grid: along each axis they begin at 0, s, 2s, …, and one that would stick out is shifted back to end
/// with the grid. Every voxel is covered and no window occurs twice.
/// </summary>
public static class PatchGrid
{
    /// <summary>Where windows begin along one axis, ascending.</summary>
    /// <param name="size">Voxels of the axis, at least <paramref name="length"/>.</param>
    /// <param name="length">Voxels of a window.</param>
    /// <param name="stride">1 … <paramref name="length"/>.</param>
    public static int[] Starts(int size, int length, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, length);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stride, length);
        var starts = new int[1 + ((size - length + stride - 1) / stride)];
        for (var i = 0; i < starts.Length; i++)
            starts[i] = Math.Min(i * stride, size - length);
        return starts;
    }

    /// <summary>The corners of all windows, H slowest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A window is larger than the grid, or a stride leaves gaps.</exception>
    public static IReadOnlyList<PatchCorner> Corners(GridSize size, GridSize length, GridSize stride)
    {
        int[] h = Starts(size.H, length.H, stride.H), w = Starts(size.W, length.W, stride.W), d = Starts(size.D, length.D, stride.D);
        var corners = new PatchCorner[checked(h.Length * w.Length * d.Length)];
        for (var i = 0; i < corners.Length; i++)
            corners[i] = new PatchCorner(h[i / d.Length / w.Length], w[i / d.Length % w.Length], d[i % d.Length]);
        return corners;
    }

    /// <summary>
    /// What of a patch lies together in the memory of its grid: the rows of a patch as deep as the grid, which a slice always is, else the
    /// voxels along the depth.
    /// </summary>
    internal static (int Count, int Length) Runs(GridSize length, GridSize grid) =>
        length.D == grid.D ? (length.H, length.W * length.D) : (length.H * length.W, length.D);

    /// <summary>Where a run begins in the grid.</summary>
    /// <param name="run">0 … count of <see cref="Runs"/> − 1.</param>
    internal static int StartOf(PatchCorner corner, int run, GridSize length, GridSize grid)
    {
        var (h, w) = length.D == grid.D ? (run, 0) : (run / length.W, run % length.W);
        return ((((corner.H + h) * grid.W) + corner.W + w) * grid.D) + corner.D;
    }
}
