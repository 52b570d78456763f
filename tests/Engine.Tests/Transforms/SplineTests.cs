using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

/// <summary>Splines of order 0 to 3 against a second way of computing them, and what must hold of any interpolation.</summary>
public class SplineTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_order_agrees_with_the_spline_solved_as_a_system_of_equations(int order)
    {
        foreach (var (n, m) in new[] { (1, 4), (2, 5), (3, 8), (5, 3), (9, 1), (9, 14), (40, 61), (33, 20) })
        {
            var line = Noise(n, 10 + n);
            var expected = Solved(line, m, order);
            for (var axis = 0; axis < 3; axis++)
            {
                var result = new float[m];
                SplineResampler.Resample(line, new GridSize(1, 1).With(axis, n), result, new GridSize(1, 1).With(axis, m), order);
                Near(expected, result, 2e-5);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Axes_are_independent(int order)
    {
        var (from, to) = (new GridSize(7, 9, 5), new GridSize(12, 6, 8));
        var source = Noise(from.Count, 3);
        var expected = source;
        var size = from;
        for (var axis = 2; axis >= 0; axis--)
        {
            var next = size.With(axis, to[axis]);
            var result = new float[next.Count];
            ForEachLine(size, axis, (first, step) =>
            {
                var line = Enumerable.Range(0, size[axis]).Select(i => expected[first + (i * step)]).ToArray();
                var solved = Solved(line, to[axis], order);
                var start = FirstOf(next, axis, first, size);
                for (var k = 0; k < solved.Length; k++)
                    result[start + (k * step)] = solved[k];
            });
            (expected, size) = (result, next);
        }

        var found = new float[to.Count];
        SplineResampler.Resample(source, from, found, to, order);
        Near(expected, found, 1e-4);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    public void Constants_are_kept_and_order_1_keeps_ramps(int order, int slope)
    {
        var (from, to) = (new GridSize(20, 31, 4), new GridSize(33, 17, 9));
        float At(GridSize size, int h, int w, int d) =>
            2 + (slope * ((3f * h / (size.H - 1)) - (2f * w / (size.W - 1)) + (5f * d / (size.D - 1))));
        var result = new float[to.Count];
        SplineResampler.Resample(Filled(from, (h, w, d) => At(from, h, w, d)), from, result, to, order);
        Near(Filled(to, (h, w, d) => At(to, h, w, d)), result, 2e-5);
    }

    [Fact]
    public void A_slice_is_a_volume_of_one_voxel_depth()
    {
        var (plane, larger) = (new GridSize(11, 13), new GridSize(17, 9));
        var source = Noise(plane.Count, 5);
        var slice = new float[larger.Count];
        SplineResampler.Resample(source, plane, slice, larger, 2);

        // The same slice three times over: every layer of the volume must be the slice.
        var deep = source.SelectMany(x => new[] { x, x, x }).ToArray();
        var volume = new float[larger.Count * 3];
        SplineResampler.Resample(deep, plane with { D = 3 }, volume, larger with { D = 3 }, 2);
        for (var i = 0; i < volume.Length; i++)
            Assert.Equal(slice[i / 3], volume[i]);
    }

    [Fact]
    public void One_bad_voxel_spoils_its_own_lines_only()
    {
        var (from, to) = (new GridSize(50, 40), new GridSize(75, 40));
        var source = Noise(from.Count, 7);
        source[7] = float.NaN;
        var result = new float[to.Count];
        SplineResampler.Resample(source, from, result, to, 2);
        for (var i = 0; i < result.Length; i++)
            Assert.Equal(i % 40 == 7, float.IsNaN(result[i]));
    }

    [Fact]
    public void There_is_no_fourth_order() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SplineResampler(new GridSize(2, 2), new GridSize(3, 3), 4));

    /// <summary>The spline through all samples, mirrored at the end samples, from its defining equations in double precision.</summary>
    private static float[] Solved(float[] line, int m, int order)
    {
        var n = line.Length;
        var matrix = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = i - order; j <= i + order; j++)
                matrix[i, Fold(j, n)] += Basis(i - j, order);
        }

        var coefficients = Solve(matrix, Array.ConvertAll(line, x => (double)x));
        return
        [
            .. Enumerable.Range(0, m).Select(k =>
            {
                var x = m == 1 ? 0 : (double)k * (n - 1) / (m - 1);
                var sum = 0.0;
                for (var j = (int)Math.Floor(x) - 3; j <= (int)Math.Floor(x) + 3; j++)
                    sum += coefficients[Fold(j, n)] * Basis(x - j, order);
                return (float)sum;
            }),
        ];
    }

    private static int Fold(int i, int n)
    {
        while (n > 1 && (i < 0 || i >= n))
            i = i < 0 ? -i : (2 * (n - 1)) - i;
        return n == 1 ? 0 : i;
    }

    /// <summary>Centred B-splines by the recursion of de Boor's formula.</summary>
    private static double Basis(double x, int order) => order == 0
        ? x is >= -0.5 and < 0.5 ? 1 : 0
        : (((((order + 1) / 2.0) + x) * Basis(x + 0.5, order - 1)) + ((((order + 1) / 2.0) - x) * Basis(x - 0.5, order - 1))) / order;

    private static double[] Solve(double[,] a, double[] b)
    {
        var n = b.Length;
        for (var p = 0; p < n; p++)
        {
            for (var row = p + 1; row < n; row++)
            {
                var factor = a[row, p] / a[p, p];
                for (var column = p; column < n; column++)
                    a[row, column] -= factor * a[p, column];
                b[row] -= factor * b[p];
            }
        }

        for (var row = n - 1; row >= 0; row--)
        {
            for (var column = row + 1; column < n; column++)
                b[row] -= a[row, column] * b[column];
            b[row] /= a[row, row];
        }

        return b;
    }

    private static void ForEachLine(GridSize size, int axis, Action<int, int> line)
    {
        var step = axis switch { 0 => size.W * size.D, 1 => size.D, _ => 1 };
        for (var i = 0; i < size.Count; i++)
        {
            if (i / step % size[axis] == 0)
                line(i, step);
        }
    }

    /// <summary>First voxel in the new grid of the line that starts at a voxel of the old one.</summary>
    private static int FirstOf(GridSize next, int axis, int first, GridSize size)
    {
        var step = axis switch { 0 => size.W * size.D, 1 => size.D, _ => 1 };
        return (first / (step * size[axis]) * step * next[axis]) + (first % step);
    }
}
