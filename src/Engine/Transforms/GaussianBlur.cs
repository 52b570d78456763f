using System.Buffers;
using System.Numerics;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Separable Gaussian filter on the grid of voxels: weights exp(−k²/2σ²) for |k| ≤ ⌊4σ + ½⌋, scaled to a sum of 1. Beyond an
/// edge the sample is mirrored with its edge voxel repeated (c b a | a b c | c b a).
/// </summary>
internal static class GaussianBlur
{
    private const double Reach = 4;

    /// <summary>Filters along H, W and D; an axis of one voxel stays as it is.</summary>
    /// <param name="source">size.Count values.</param>
    /// <param name="size">Grid of both planes.</param>
    /// <param name="sigma">Standard deviation in voxels, at least 0.</param>
    /// <param name="destination">size.Count values; must not overlap the source.</param>
    public static void Filter(ReadOnlySpan<float> source, GridSize size, double sigma, Span<float> destination)
    {
        var weights = Weights(sigma);
        destination = destination[..size.Count];
        source[..size.Count].CopyTo(destination);
        if (weights.Length == 1)
            return;
        var held = ArrayPool<float>.Shared.Rent(size.Count);
        for (int axis = 0, unit = size.Count, outer = 1; axis < 3; outer *= size[axis], axis++)
        {
            unit /= size[axis];
            if (size[axis] == 1)
                continue;
            destination.CopyTo(held);
            Along(held, outer, size[axis], unit, weights, destination);
        }

        ArrayPool<float>.Shared.Return(held);
    }

    /// <summary>Half of the symmetric weights: [0] for the voxel itself, [k] for its neighbours at distance k.</summary>
    internal static float[] Weights(double sigma)
    {
        var radius = (int)((Reach * sigma) + 0.5);
        var weights = new double[radius + 1];
        weights[0] = 1;
        for (var k = 1; k <= radius; k++)
            weights[k] = Math.Exp(-0.5 * k * k / (sigma * sigma));
        var sum = 1 + (2 * weights[1..].Sum());
        return Array.ConvertAll(weights, w => (float)(w / sum));
    }

    /// <summary>One axis: <paramref name="outer"/> blocks of <paramref name="n"/> rows of <paramref name="unit"/> voxels; rows are mixed.</summary>
    private static void Along(ReadOnlySpan<float> source, int outer, int n, int unit, float[] weights, Span<float> destination)
    {
        var radius = weights.Length - 1;
        var block = n * unit;
        if (unit >= Vector<float>.Count)
        {
            var (before, after) = (new int[radius], new int[radius]);
            for (var row = 0; row < n; row++)
            {
                for (var k = 1; k <= radius; k++)
                    (before[k - 1], after[k - 1]) = (Mirror(row - k, n) * unit, Mirror(row + k, n) * unit);
                for (var o = 0; o < outer; o++)
                    Mix(source.Slice(o * block, block), row * unit, before, after, weights, destination.Slice((o * block) + (row * unit), unit));
            }

            return;
        }

        var line = ArrayPool<float>.Shared.Rent(block + (2 * radius * unit));
        var (near, far) = (new int[radius], new int[radius]);
        for (var k = 1; k <= radius; k++)
            (near[k - 1], far[k - 1]) = ((radius - k) * unit, (radius + k) * unit);
        for (var o = 0; o < outer; o++)
        {
            var from = source.Slice(o * block, block);
            from.CopyTo(line.AsSpan(radius * unit));
            for (var k = 1; k <= radius; k++)
            {
                from.Slice(Mirror(-k, n) * unit, unit).CopyTo(line.AsSpan((radius - k) * unit));
                from.Slice(Mirror(n - 1 + k, n) * unit, unit).CopyTo(line.AsSpan((radius + n - 1 + k) * unit));
            }

            Mix(line, radius * unit, near, far, weights, destination.Slice(o * block, block));
        }

        ArrayPool<float>.Shared.Return(line);
    }

    /// <summary>destination[i] = w₀·source[centre + i] + Σ wₖ·(source[before[k] + i] + source[after[k] + i]).</summary>
    private static void Mix(
        ReadOnlySpan<float> source, int centre, ReadOnlySpan<int> before, ReadOnlySpan<int> after, ReadOnlySpan<float> weights, Span<float> destination)
    {
        var i = 0;
        for (; i <= destination.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var sum = new Vector<float>(source[(centre + i)..]) * weights[0];
            for (var k = 0; k < before.Length; k++)
                sum += (new Vector<float>(source[(before[k] + i)..]) + new Vector<float>(source[(after[k] + i)..])) * weights[k + 1];
            sum.CopyTo(destination[i..]);
        }

        for (; i < destination.Length; i++)
        {
            var sum = source[centre + i] * weights[0];
            for (var k = 0; k < before.Length; k++)
                sum += (source[before[k] + i] + source[after[k] + i]) * weights[k + 1];
            destination[i] = sum;
        }
    }

    /// <summary>The row that stands for a row outside 0 … n − 1.</summary>
    private static int Mirror(int row, int n)
    {
        var period = 2 * n;
        row = ((row % period) + period) % period;
        return row < n ? row : period - 1 - row;
    }
}
