namespace MedSeg.Engine.Transforms;

/// <summary>Linear interpolation at affinely mapped positions; positions outside the grid give 0.</summary>
internal static class AffineResampler
{
    /// <summary>Output voxel o is the source at matrix·o + offset.</summary>
    /// <param name="matrix">3×3 row-major over the axes H, W, D.</param>
    /// <param name="offset">3 voxels.</param>
    public static void Resample(
        ReadOnlySpan<float> source, GridSize size, ReadOnlySpan<double> matrix, ReadOnlySpan<double> offset, Span<float> destination)
    {
        if (size.D == 1)
            Plane(source, size, matrix, offset, destination);
        else
            Box(source, size, matrix, offset, destination);
    }

    private static void Plane(
        ReadOnlySpan<float> source, GridSize size, ReadOnlySpan<double> matrix, ReadOnlySpan<double> offset, Span<float> destination)
    {
        for (var h = 0; h < size.H; h++)
        {
            var y0 = (matrix[0] * h) + offset[0];
            var x0 = (matrix[3] * h) + offset[1];
            for (var w = 0; w < size.W; w++)
            {
                var y = y0 + (matrix[1] * w);
                var x = x0 + (matrix[4] * w);
                destination[(h * size.W) + w] = Inside(y, size.H) && Inside(x, size.W) ? Bilinear(source, size, y, x) : 0;
            }
        }
    }

    private static float Bilinear(ReadOnlySpan<float> source, GridSize size, double y, double x)
    {
        var (h, w) = ((int)y, (int)x);
        var (fy, fx) = ((float)(y - h), (float)(x - w));
        var below = h + 1 < size.H ? size.W : 0;
        var right = w + 1 < size.W ? 1 : 0;
        var i = (h * size.W) + w;
        var top = source[i] + (fx * (source[i + right] - source[i]));
        var bottom = source[i + below] + (fx * (source[i + below + right] - source[i + below]));
        return top + (fy * (bottom - top));
    }

    private static void Box(
        ReadOnlySpan<float> source, GridSize size, ReadOnlySpan<double> matrix, ReadOnlySpan<double> offset, Span<float> destination)
    {
        var i = 0;
        for (var h = 0; h < size.H; h++)
        {
            for (var w = 0; w < size.W; w++)
            {
                for (var d = 0; d < size.D; d++)
                {
                    var y = (matrix[0] * h) + (matrix[1] * w) + (matrix[2] * d) + offset[0];
                    var x = (matrix[3] * h) + (matrix[4] * w) + (matrix[5] * d) + offset[1];
                    var z = (matrix[6] * h) + (matrix[7] * w) + (matrix[8] * d) + offset[2];
                    destination[i++] = Inside(y, size.H) && Inside(x, size.W) && Inside(z, size.D) ? Trilinear(source, size, y, x, z) : 0;
                }
            }
        }
    }

    private static float Trilinear(ReadOnlySpan<float> source, GridSize size, double y, double x, double z)
    {
        var (h, w, d) = ((int)y, (int)x, (int)z);
        var fz = (float)(z - d);
        var far = d + 1 < size.D ? d + 1 : d;
        var near = Layer(source, size, y - h, x - w, h, w, d);
        return near + (fz * (Layer(source, size, y - h, x - w, h, w, far) - near));
    }

    private static float Layer(ReadOnlySpan<float> source, GridSize size, double fy, double fx, int h, int w, int d)
    {
        var below = h + 1 < size.H ? size.W * size.D : 0;
        var right = w + 1 < size.W ? size.D : 0;
        var i = (((h * size.W) + w) * size.D) + d;
        var top = source[i] + ((float)fx * (source[i + right] - source[i]));
        var bottom = source[i + below] + ((float)fx * (source[i + below + right] - source[i + below]));
        return top + ((float)fy * (bottom - top));
    }

    private static bool Inside(double position, int size) => position >= 0 && position <= size - 1;
}
