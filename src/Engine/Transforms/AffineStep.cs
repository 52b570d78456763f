using System.Runtime.CompilerServices;

namespace MedSeg.Engine.Transforms;

/// <summary>The map from an output voxel o to its place in the source: Matrix·o + Offset.</summary>
/// <param name="Matrix">3×3 row-major over H, W, D.</param>
/// <param name="Offset">In voxels.</param>
internal sealed record AffineStep(double[] Matrix, double[] Offset)
{
    /// <summary>
    /// (R·diag(1/scale))ᵀ about the point size/2, then a translation. R turns by <paramref name="angle"/> (radians) in the plane
    /// of two axes.
    /// </summary>
    public static AffineStep Of(GridSize size, double angle, (int First, int Second) axes, double[] scale, double[] translation)
    {
        var (c, s) = (Math.Cos(angle), Math.Sin(angle));
        var rotation = new double[] { 1, 0, 0, 0, 1, 0, 0, 0, 1 };
        var (a, b) = axes;
        // In the plane (H, D) the rotation runs the other way, as a right-handed turn about W does.
        var sign = (a, b) == (0, 2) ? -1 : 1;
        rotation[(a * 3) + a] = rotation[(b * 3) + b] = c;
        rotation[(a * 3) + b] = -sign * s;
        rotation[(b * 3) + a] = sign * s;

        var matrix = new double[9];
        var offset = new double[3];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
                matrix[(i * 3) + j] = rotation[(j * 3) + i] / scale[i];
            offset[i] = (0.5 * size[i]) + translation[i];
            for (var j = 0; j < 3; j++)
                offset[i] -= matrix[(i * 3) + j] * 0.5 * size[j];
        }

        return new AffineStep(matrix, offset);
    }

    /// <summary>Where output voxel (h, w, d) comes from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (double H, double W, double D) Map(double h, double w, double d)
    {
        var (m, t) = (Matrix, Offset);
        return (
            (m[0] * h) + (m[1] * w) + (m[2] * d) + t[0],
            (m[3] * h) + (m[4] * w) + (m[5] * d) + t[1],
            (m[6] * h) + (m[7] * w) + (m[8] * d) + t[2]);
    }

    /// <summary>The map back.</summary>
    public AffineStep Inverse()
    {
        var m = Matrix;
        var cofactors = new double[9];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                var (r0, r1, c0, c1) = ((j + 1) % 3, (j + 2) % 3, (i + 1) % 3, (i + 2) % 3);
                cofactors[(i * 3) + j] = (m[(r0 * 3) + c0] * m[(r1 * 3) + c1]) - (m[(r0 * 3) + c1] * m[(r1 * 3) + c0]);
            }
        }

        var determinant = (m[0] * cofactors[0]) + (m[1] * cofactors[3]) + (m[2] * cofactors[6]);
        var inverse = Array.ConvertAll(cofactors, x => x / determinant);
        var offset = new double[3];
        for (var i = 0; i < 3; i++)
            offset[i] = -((inverse[i * 3] * Offset[0]) + (inverse[(i * 3) + 1] * Offset[1]) + (inverse[(i * 3) + 2] * Offset[2]));
        return new AffineStep(inverse, offset);
    }
}
