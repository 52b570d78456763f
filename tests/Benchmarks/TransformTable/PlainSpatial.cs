using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Benchmarks.TransformTable;

/// <summary>
/// The same transforms as one would write them first: a loop over the voxels, and for each voxel a loop over what it needs. This
/// is what the engine's kernels are compared with, so it is kept plain on purpose; it is compiled with the same optimisation.
/// </summary>
internal static class PlainSpatial
{
    /// <summary>Spline zoom of order 1 to 3: every line is filtered, then every voxel sums its neighbours along all axes.</summary>
    public static void Zoom(float[] source, GridSize from, float[] destination, GridSize to, int order)
    {
        var coefficients = Array.ConvertAll(source, x => (double)x);
        if (order > 1)
        {
            for (var axis = 0; axis < 3; axis++)
                Filter(coefficients, from, axis, order);
        }

        var i = 0;
        for (var h = 0; h < to.H; h++)
        {
            for (var w = 0; w < to.W; w++)
            {
                for (var d = 0; d < to.D; d++)
                {
                    destination[i++] = (float)Sum(
                        coefficients, from, Stretch(h, from.H, to.H), Stretch(w, from.W, to.W), Stretch(d, from.D, to.D), order);
                }
            }
        }
    }

    /// <summary>Linear interpolation at matrix·o + offset, 0 outside.</summary>
    public static void Affine(float[] source, GridSize size, AffineStep step, float[] destination)
    {
        var i = 0;
        for (var h = 0; h < size.H; h++)
        {
            for (var w = 0; w < size.W; w++)
            {
                for (var d = 0; d < size.D; d++)
                {
                    var (y, x, z) = step.Map(h, w, d);
                    var inside = y >= 0 && y <= size.H - 1 && x >= 0 && x <= size.W - 1 && z >= 0 && z <= size.D - 1;
                    destination[i++] = inside ? (float)Corners(source, size, y, x, z) : 0;
                }
            }
        }
    }

    /// <summary>Smoothed noise, one axis after the other.</summary>
    public static float[][] Field(GridSize size, double alpha, double sigma, RandomStream random)
    {
        var fields = new float[size.D == 1 ? 2 : 3][];
        for (var f = 0; f < fields.Length; f++)
        {
            var field = new double[size.Count];
            for (var i = 0; i < field.Length; i++)
                field[i] = alpha * random.NextUniform(-1, 1);
            for (var axis = 0; axis < 3; axis++)
                field = size[axis] > 1 ? Smooth(field, size, axis, sigma) : field;
            fields[f] = Array.ConvertAll(field, x => (float)x);
        }

        return fields;
    }

    /// <summary>Linear interpolation at displaced places of the mirrored grid.</summary>
    public static void Warp(float[] source, GridSize size, float[][] field, float[] destination)
    {
        var i = 0;
        for (var h = 0; h < size.H; h++)
        {
            for (var w = 0; w < size.W; w++)
            {
                for (var d = 0; d < size.D; d++, i++)
                    destination[i] = (float)Corners(source, size, h + field[0][i], w + field[1][i], field.Length > 2 ? d + field[2][i] : 0);
            }
        }
    }

    private static double Stretch(int k, int n, int m) => m == 1 ? 0 : (double)k * (n - 1) / (m - 1);

    private static int Mirror(int i, int n)
    {
        while (i < 0 || i >= n)
            i = i < 0 ? -1 - i : (2 * n) - 1 - i;
        return i;
    }

    private static double Corners(float[] source, GridSize size, double h, double w, double d)
    {
        var (i, j, k) = ((int)Math.Floor(h), (int)Math.Floor(w), (int)Math.Floor(d));
        var sum = 0.0;
        for (var a = 0; a < 2; a++)
        {
            for (var b = 0; b < 2; b++)
            {
                for (var c = 0; c < (size.D > 1 ? 2 : 1); c++)
                {
                    var weight = (a == 0 ? 1 - (h - i) : h - i) * (b == 0 ? 1 - (w - j) : w - j) * (c == 0 ? 1 - (d - k) : d - k);
                    sum += weight * source[(((Mirror(i + a, size.H) * size.W) + Mirror(j + b, size.W)) * size.D) + Mirror(k + c, size.D)];
                }
            }
        }

        return sum;
    }

    private static double Sum(double[] coefficients, GridSize size, double h, double w, double d, int order)
    {
        var sum = 0.0;
        var (h0, w0, d0) = (First(h, order), First(w, order), First(d, order));
        for (var a = h0; a <= h0 + order; a++)
        {
            for (var b = w0; b <= w0 + order; b++)
            {
                for (var c = d0; c <= d0 + (size.D > 1 ? order : 0); c++)
                {
                    var weight = Weight(h - a, order) * Weight(w - b, order) * (size.D > 1 ? Weight(d - c, order) : 1);
                    sum += weight * coefficients[
                        (((Fold(a, size.H) * size.W) + Fold(b, size.W)) * size.D) + (size.D > 1 ? Fold(c, size.D) : 0)];
                }
            }
        }

        return sum;
    }

    private static int First(double x, int order) => (int)Math.Floor(order == 2 ? x - 0.5 : x) - (order / 3);

    private static int Fold(int i, int n) => i < 0 ? -i : i >= n ? (2 * (n - 1)) - i : i;

    private static double Weight(double x, int order)
    {
        var distance = Math.Abs(x);
        return order switch
        {
            1 => 1 - distance,
            2 => distance <= 0.5 ? 0.75 - (x * x) : 0.5 * (1.5 - distance) * (1.5 - distance),
            _ => distance <= 1 ? (4 - (x * x * (6 - (3 * distance)))) / 6 : (2 - distance) * (2 - distance) * (2 - distance) / 6,
        };
    }

    private static void Filter(double[] values, GridSize size, int axis, int order)
    {
        var (n, step) = (size[axis], Step(size, axis));
        if (n < 2)
            return;
        var (z, gain) = order == 2 ? (Math.Sqrt(8) - 3, 8) : (Math.Sqrt(3) - 2, 6);
        var line = new double[n];
        for (var first = 0; first < values.Length; first++)
        {
            if (first / step % n != 0)
                continue;
            for (var i = 0; i < n; i++)
                line[i] = gain * values[first + (i * step)];
            var sum = line[0] + (Math.Pow(z, n - 1) * line[n - 1]);
            for (var i = 1; i < n - 1; i++)
                sum += (Math.Pow(z, i) + Math.Pow(z, (2 * n) - 2 - i)) * line[i];
            line[0] = sum / (1 - Math.Pow(z, (2 * n) - 2));
            for (var i = 1; i < n; i++)
                line[i] += z * line[i - 1];
            line[n - 1] = z / ((z * z) - 1) * (line[n - 1] + (z * line[n - 2]));
            for (var i = n - 2; i >= 0; i--)
                line[i] = z * (line[i + 1] - line[i]);
            for (var i = 0; i < n; i++)
                values[first + (i * step)] = line[i];
        }
    }

    private static double[] Smooth(double[] values, GridSize size, int axis, double sigma)
    {
        var kernel = GaussianFilter.Kernel(sigma);
        var (n, step, radius) = (size[axis], Step(size, axis), kernel.Length / 2);
        var result = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var at = i / step % n;
            var sum = 0.0;
            for (var t = -radius; t <= radius; t++)
            {
                if (at + t >= 0 && at + t < n)
                    sum += kernel[t + radius] * values[i + (t * step)];
            }

            result[i] = sum;
        }

        return result;
    }

    private static int Step(GridSize size, int axis) => axis switch { 0 => size.W * size.D, 1 => size.D, _ => 1 };
}
