using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Turns samples into B-spline coefficients by a causal and an anticausal recursion, with the line mirrored at its end samples
/// (Unser, Aldroubi and Eden 1993, "B-spline signal processing", part II). The gain (1 − z)(1 − 1/z) is left to the weights.
/// </summary>
internal static class RecursiveFilter
{
    private const int Lanes = LineFilter.Lanes;

    /// <summary>Gain of one pass with a pole: (1 − z)(1 − 1/z), which is 8 for quadratic and 6 for cubic splines.</summary>
    public static double Gain(double pole) => (1 - pole) * (1 - (1 / pole));

    /// <summary>Filters <see cref="LineFilter.Lanes"/> lines in place.</summary>
    /// <param name="block">n rows of Lanes values; row i is sample i of every line.</param>
    /// <param name="n">At least 2.</param>
    /// <param name="pole">z, between −1 and 0.</param>
    public static void Run(Span<float> block, int n, double pole)
    {
        Start(block, n, pole);
        Recur(block, n, (float)pole, (float)(pole / ((pole * pole) - 1)));
    }

    /// <summary>First value of the causal recursion: the sum over the infinite mirrored line.</summary>
    private static void Start(Span<float> block, int n, double pole)
    {
        var first = block[..Lanes];
        var end = Math.Pow(pole, n - 1);
        AddRow(first, Row(block, n - 1), end);
        var power = pole;
        for (var i = 1; i < n - 1 && Math.Abs(power) > 1e-12; i++, power *= pole)
            AddRow(first, Row(block, i), power);
        power = pole * end;
        for (var i = n - 2; i > 0 && Math.Abs(power) > 1e-12; i--, power *= pole)
            AddRow(first, Row(block, i), power);
        TensorPrimitives.Multiply(first, (float)(1 / (1 - (end * end))), first);
    }

    private static void AddRow(Span<float> sum, ReadOnlySpan<float> row, double weight) =>
        TensorPrimitives.MultiplyAdd(row, (float)weight, sum, sum);

    private static Span<float> Row(Span<float> block, int i) => block.Slice(i * Lanes, Lanes);

    /// <summary>Both recursions for the four vectors of a row in turn: each alone would wait for its own last result.</summary>
    private static void Recur(Span<float> block, int n, float pole, float last)
    {
        var z = Vector256.Create(pole);
        var size = Vector256<float>.Count;
        var row = block[..(4 * size)];
        var (a, b, c, d) = Load(row);
        for (var i = 1; i < n; i++)
        {
            row = block.Slice(i * Lanes, 4 * size);
            var (e, f, g, h) = Load(row);
            (a, b, c, d) = (e + (z * a), f + (z * b), g + (z * c), h + (z * d));
            Store(row, a, b, c, d);
        }

        var (p, q, r, s) = Load(block.Slice((n - 2) * Lanes, 4 * size));
        (a, b, c, d) = ((a + (z * p)) * last, (b + (z * q)) * last, (c + (z * r)) * last, (d + (z * s)) * last);
        Store(row, a, b, c, d);
        for (var i = n - 2; i >= 0; i--)
        {
            row = block.Slice(i * Lanes, 4 * size);
            var (e, f, g, h) = Load(row);
            (a, b, c, d) = (z * (a - e), z * (b - f), z * (c - g), z * (d - h));
            Store(row, a, b, c, d);
        }
    }

    private static (Vector256<float> A, Vector256<float> B, Vector256<float> C, Vector256<float> D) Load(ReadOnlySpan<float> row)
    {
        var size = Vector256<float>.Count;
        return (
            Vector256.Create(row), Vector256.Create(row[size..]),
            Vector256.Create(row[(2 * size)..]), Vector256.Create(row[(3 * size)..]));
    }

    private static void Store(Span<float> row, Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        var size = Vector256<float>.Count;
        a.CopyTo(row);
        b.CopyTo(row[size..]);
        c.CopyTo(row[(2 * size)..]);
        d.CopyTo(row[(3 * size)..]);
    }
}
