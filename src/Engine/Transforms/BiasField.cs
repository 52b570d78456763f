using System.Numerics;
using System.Numerics.Tensors;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// The field exp(Σ c_ijk·x^i·y^j·z^k), i + j + k ≤ order, with x, y and z from −1 to 1 along H, W and D; 0 along an axis of one voxel.
/// </summary>
internal static class BiasField
{
    /// <summary>The largest exponent; fields beyond it would not be finite numbers.</summary>
    private const float Limit = 80;

    /// <summary>Number of coefficients of a polynomial.</summary>
    public static int Terms(int order) => (order + 1) * (order + 2) * (order + 3) / 6;

    /// <summary>Writes the field.</summary>
    /// <param name="size">Grid.</param>
    /// <param name="order">Highest sum of exponents.</param>
    /// <param name="coefficients">c_ijk, k fastest, then j, then i.</param>
    /// <param name="destination">size.Count values.</param>
    public static void Fill(GridSize size, int order, ReadOnlySpan<double> coefficients, Span<float> destination)
    {
        destination = destination[..size.Count];
        var (y, z) = (Coordinates(size.W), Coordinates(size.D));
        var (plane, row) = (new double[order + 1, order + 1], new float[order + 1]);
        for (var h = 0; h < size.H; h++)
        {
            InPlane(order, coefficients, Coordinate(h, size.H), plane);
            var values = destination.Slice(h * size.W * size.D, size.W * size.D);
            if (size.D == 1)
            {
                for (var j = 0; j <= order; j++)
                    row[j] = (float)plane[j, 0];
                Polynomial(row, y, values);
                continue;
            }

            for (var w = 0; w < size.W; w++)
            {
                OnLine(order, plane, y[w], row);
                Polynomial(row, z, values.Slice(w * size.D, size.D));
            }
        }

        TensorPrimitives.Min(destination, Limit, destination);
        TensorPrimitives.Exp(destination, destination);
    }

    /// <summary>The coefficients of y^j·z^k at a given x.</summary>
    private static void InPlane(int order, ReadOnlySpan<double> coefficients, double x, double[,] plane)
    {
        Array.Clear(plane);
        var (power, at) = (1.0, 0);
        for (var i = 0; i <= order; i++, power *= x)
        {
            for (var j = 0; j <= order - i; j++)
            {
                for (var k = 0; k <= order - i - j; k++)
                    plane[j, k] += coefficients[at++] * power;
            }
        }
    }

    /// <summary>The coefficients of z^k at a given y.</summary>
    private static void OnLine(int order, double[,] plane, double y, float[] row)
    {
        for (var k = 0; k <= order; k++)
        {
            var sum = 0.0;
            for (var j = order - k; j >= 0; j--)
                sum = (sum * y) + plane[j, k];
            row[k] = (float)sum;
        }
    }

    /// <summary>Horner's rule for many coordinates at once.</summary>
    private static void Polynomial(ReadOnlySpan<float> coefficients, ReadOnlySpan<float> at, Span<float> destination)
    {
        var i = 0;
        for (; i <= at.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var x = new Vector<float>(at[i..]);
            var sum = Vector<float>.Zero;
            for (var k = coefficients.Length - 1; k >= 0; k--)
                sum = (sum * x) + new Vector<float>(coefficients[k]);
            sum.CopyTo(destination[i..]);
        }

        for (; i < at.Length; i++)
        {
            var sum = 0f;
            for (var k = coefficients.Length - 1; k >= 0; k--)
                sum = (sum * at[i]) + coefficients[k];
            destination[i] = sum;
        }
    }

    private static float[] Coordinates(int n)
    {
        var coordinates = new float[n];
        for (var i = 0; i < n; i++)
            coordinates[i] = (float)Coordinate(i, n);
        return coordinates;
    }

    private static double Coordinate(int index, int n) => n == 1 ? 0 : ((2.0 * index) / (n - 1)) - 1;
}
