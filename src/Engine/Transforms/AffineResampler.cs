using System.Buffers;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Linear interpolation at affinely mapped positions; positions outside the grid give 0. A map that turns in one plane only,
/// as <see cref="RandomAffine"/> draws it, is done in two passes: lines along the axis that does not turn, then the plane.
/// </summary>
internal static class AffineResampler
{
    /// <summary>Resamples one plane or volume.</summary>
    /// <param name="source">size.Count values.</param>
    /// <param name="step">Output voxels to places in the source.</param>
    /// <param name="destination">size.Count values; must not overlap the source.</param>
    public static void Resample(ReadOnlySpan<float> source, GridSize size, AffineStep step, Span<float> destination)
    {
        source = source[..size.Count];
        destination = destination[..size.Count];
        var still = size.D == 1 ? 2 : StillAxis(step.Matrix);
        if (still < 0 || !PlaneMap.Fits(size, step, still))
        {
            Anywhere(source, size, step, destination);
            return;
        }

        var map = PlaneMap.Of(size, step, still);
        var (scale, offset) = (step.Matrix[still * 4], step.Offset[still]);
        if (size.D == 1 || (scale == 1 && offset == 0))
        {
            InPlane(source, size, still, map, destination);
            return;
        }

        var moved = ArrayPool<float>.Shared.Rent(size.Count);
        LineFilter.Run(source, size, still, BandMatrix.Linear(size[still], size[still], scale, offset), moved);
        InPlane(moved.AsSpan(0, size.Count), size, still, map, destination);
        ArrayPool<float>.Shared.Return(moved);
    }

    /// <summary>The axis that the map only stretches and shifts, the last one if there are several; −1 if there is none.</summary>
    private static int StillAxis(double[] matrix)
    {
        for (var axis = 2; axis >= 0; axis--)
        {
            var (a, b) = PlaneMap.Others(axis);
            var isLeft = matrix[(axis * 3) + a] == 0 && matrix[(axis * 3) + b] == 0;
            var leaves = matrix[(a * 3) + axis] == 0 && matrix[(b * 3) + axis] == 0;
            if (isLeft && leaves)
                return axis;
        }

        return -1;
    }

    private static void InPlane(ReadOnlySpan<float> source, GridSize size, int still, PlaneMap map, Span<float> destination)
    {
        var (h, w, d) = (size.H, size.W, size.D);
        switch (still)
        {
            case 2 when d == 1:
                for (var i = 0; i < h; i++)
                    map.Row(source, i, 0, destination.Slice(i * w, w));
                break;
            case 2:
                for (var i = 0; i < h; i++)
                {
                    for (var j = 0; j < w; j++)
                        map.Line(source, i, j, destination.Slice(((i * w) + j) * d, d));
                }

                break;
            case 1:
                for (var i = 0; i < h; i++)
                {
                    for (var j = 0; j < w; j++)
                        map.Row(source[(j * d)..], i, 0, destination.Slice(((i * w) + j) * d, d));
                }

                break;
            default:
                for (var i = 0; i < h; i++)
                {
                    for (var j = 0; j < w; j++)
                        map.Row(source.Slice(i * w * d, w * d), j, 0, destination.Slice(((i * w) + j) * d, d));
                }

                break;
        }
    }

    private static void Anywhere(ReadOnlySpan<float> source, GridSize size, AffineStep step, Span<float> destination)
    {
        var i = 0;
        for (var h = 0; h < size.H; h++)
        {
            for (var w = 0; w < size.W; w++)
            {
                for (var d = 0; d < size.D; d++)
                {
                    var (y, x, z) = step.Map(h, w, d);
                    destination[i++] = VoxelSampler.At(source, size, y, x, z);
                }
            }
        }
    }
}
