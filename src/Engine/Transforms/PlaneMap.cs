using System.Runtime.Intrinsics;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// An affine map within the plane of two axes A and B, in fixed-point numbers of 32 bits before and 32 after the point: adding a
/// step is exact, its integer part is the voxel and its fraction the weight. An error of half a unit per step is below 10⁻⁵
/// voxels over the longest line.
/// </summary>
internal readonly struct PlaneMap
{
    private const double One = 1L << 32;
    private const float Fraction = 1f / (1L << 32);

    // Places (A, B) of output (0, 0), and what one output step along A or B adds to them.
    private readonly long _a;
    private readonly long _b;
    private readonly (long A, long B) _stepA;
    private readonly (long A, long B) _stepB;

    // Places from 0 to these are inside.
    private readonly ulong _lastA;
    private readonly ulong _lastB;
    private readonly int _strideA;
    private readonly int _strideB;

    private PlaneMap(GridSize size, AffineStep step, int a, int b)
    {
        var m = step.Matrix;
        (_a, _b) = (Fixed(step.Offset[a]), Fixed(step.Offset[b]));
        _stepA = (Fixed(m[(a * 3) + a]), Fixed(m[(b * 3) + a]));
        _stepB = (Fixed(m[(a * 3) + b]), Fixed(m[(b * 3) + b]));
        (_lastA, _lastB) = ((ulong)(size[a] - 1) << 32, (ulong)(size[b] - 1) << 32);
        (_strideA, _strideB) = (Stride(size, a), Stride(size, b));
    }

    /// <summary>The axes of the plane, ascending.</summary>
    public static (int A, int B) Others(int still) => still switch { 0 => (1, 2), 1 => (0, 2), _ => (0, 1) };

    /// <summary>Whether every place of the plane can be written in fixed point.</summary>
    public static bool Fits(GridSize size, AffineStep step, int still)
    {
        const double limit = 1 << 30;
        var (a, b) = Others(still);
        double Reach(int row) => Math.Abs(step.Offset[row]) + Along(row, a) + Along(row, b);
        double Along(int row, int axis) => Math.Abs(step.Matrix[(row * 3) + axis]) * size[axis];
        return Reach(a) < limit && Reach(b) < limit;
    }

    public static PlaneMap Of(GridSize size, AffineStep step, int still)
    {
        var (a, b) = Others(still);
        return new PlaneMap(size, step, a, b);
    }

    /// <summary>Interpolates outputs (i, j), (i, j + 1), … of one plane.</summary>
    /// <param name="source">Begins at the plane's voxel (0, 0).</param>
    public void Row(ReadOnlySpan<float> source, int i, int j, Span<float> destination)
    {
        var a = _a + (i * _stepA.A) + (j * _stepB.A);
        var b = _b + (i * _stepA.B) + (j * _stepB.B);
        var (stepA, stepB, lastA, lastB) = (_stepB.A, _stepB.B, _lastA, _lastB);
        var (strideA, strideB) = (_strideA, _strideB);
        for (var k = 0; k < destination.Length; k++, a += stepA, b += stepB)
        {
            if ((ulong)a > lastA || (ulong)b > lastB)
            {
                destination[k] = 0;
                continue;
            }

            var at = ((int)(a >> 32) * strideA) + ((int)(b >> 32) * strideB);
            var (down, right) = ((ulong)a == lastA ? 0 : strideA, (ulong)b == lastB ? 0 : strideB);
            var fb = (uint)b * Fraction;
            var near = source[at] + (fb * (source[at + right] - source[at]));
            var far = source[at + down] + (fb * (source[at + down + right] - source[at + down]));
            destination[k] = near + ((uint)a * Fraction * (far - near));
        }
    }

    /// <summary>Interpolates output (i, j) of as many planes as the destination has values; planes lie voxel by voxel.</summary>
    public void Line(ReadOnlySpan<float> source, int i, int j, Span<float> destination)
    {
        var a = _a + (i * _stepA.A) + (j * _stepB.A);
        var b = _b + (i * _stepA.B) + (j * _stepB.B);
        if ((ulong)a > _lastA || (ulong)b > _lastB)
        {
            destination.Clear();
            return;
        }

        // The last voxel has no neighbour; its weight is 0.
        var at = ((int)(a >> 32) * _strideA) + ((int)(b >> 32) * _strideB);
        var (down, right) = ((ulong)a == _lastA ? 0 : _strideA, (ulong)b == _lastB ? 0 : _strideB);
        var (fa, fb) = ((uint)a * Fraction, (uint)b * Fraction);
        var n = destination.Length;
        var nearLeft = source.Slice(at, n);
        var nearRight = source.Slice(at + right, n);
        var farLeft = source.Slice(at + down, n);
        var farRight = source.Slice(at + down + right, n);
        var k = 0;
        for (; k <= n - Vector256<float>.Count; k += Vector256<float>.Count)
        {
            var near = Vector256.Create(nearLeft[k..]);
            near += fb * (Vector256.Create(nearRight[k..]) - near);
            var far = Vector256.Create(farLeft[k..]);
            far += fb * (Vector256.Create(farRight[k..]) - far);
            (near + (fa * (far - near))).CopyTo(destination[k..]);
        }

        for (; k < n; k++)
        {
            var near = nearLeft[k] + (fb * (nearRight[k] - nearLeft[k]));
            var far = farLeft[k] + (fb * (farRight[k] - farLeft[k]));
            destination[k] = near + (fa * (far - near));
        }
    }

    private static long Fixed(double x) => (long)Math.Round(x * One);

    private static int Stride(GridSize size, int axis) => axis switch { 0 => size.W * size.D, 1 => size.D, _ => 1 };
}
