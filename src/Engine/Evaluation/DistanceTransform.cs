namespace MedSeg.Engine.Evaluation;

/// <summary>
/// Exact Euclidean distance transform with voxel sizes, one axis after the other: Felzenszwalb and Huttenlocher,
/// Distance transforms of sampled functions, Theory of Computing 8 (2012).
/// </summary>
internal static class DistanceTransform
{
    /// <summary>Squared distance in mm² from every voxel to the nearest site; infinite where there is no site at all.</summary>
    /// <param name="sites">X·Y·Z voxels, x fastest.</param>
    /// <param name="box">Voxels along x, y, z.</param>
    /// <param name="spacing">Voxel sizes in mm.</param>
    /// <param name="cancellationToken">Looked at once per line of an axis' outermost loop.</param>
    public static double[] Squared(bool[] sites, Box box, (double X, double Y, double Z) spacing, CancellationToken cancellationToken)
    {
        var distances = new double[sites.Length];
        for (var i = 0; i < sites.Length; i++)
        {
            distances[i] = sites[i] ? 0 : double.PositiveInfinity;
        }

        var plane = box.X * box.Y;
        var line = new Line(Math.Max(box.X, Math.Max(box.Y, box.Z)));
        for (var z = 0; z < box.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var y = 0; y < box.Y; y++)
            {
                line.Transform(distances.AsSpan((z * plane) + (y * box.X)), 1, box.X, spacing.X);
            }

            for (var x = 0; x < box.X; x++)
            {
                line.Transform(distances.AsSpan((z * plane) + x), box.X, box.Y, spacing.Y);
            }
        }

        for (var y = 0; y < box.Y; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var x = 0; x < box.X; x++)
            {
                line.Transform(distances.AsSpan((y * box.X) + x), plane, box.Z, spacing.Z);
            }
        }

        return distances;
    }

    /// <summary>The lower envelope of parabolas along one line, with its work space.</summary>
    private sealed class Line(int longest)
    {
        private readonly double[] _values = new double[longest];
        private readonly int[] _roots = new int[longest];
        private readonly double[] _starts = new double[longest];

        /// <summary>Replaces f by min over q of f(q) + (p − q)²·spacing² on every <paramref name="step"/>-th value.</summary>
        public void Transform(Span<double> f, int step, int count, double spacing)
        {
            if (count == 1)
            {
                return;
            }

            var parabolas = 0;
            for (var q = 0; q < count; q++)
            {
                var value = _values[q] = f[q * step];
                if (double.IsPositiveInfinity(value))
                {
                    continue;
                }

                var start = double.NegativeInfinity;
                while (parabolas > 0)
                {
                    start = Crossing(_roots[parabolas - 1], q, spacing);
                    if (start > _starts[parabolas - 1])
                    {
                        break;
                    }

                    parabolas--;
                    start = double.NegativeInfinity;
                }

                _roots[parabolas] = q;
                _starts[parabolas++] = start;
            }

            if (parabolas > 0)
            {
                Fill(f, step, count, spacing, parabolas);
            }
        }

        private void Fill(Span<double> f, int step, int count, double spacing, int parabolas)
        {
            var k = 0;
            for (var p = 0; p < count; p++)
            {
                while (k + 1 < parabolas && _starts[k + 1] < p)
                {
                    k++;
                }

                var offset = (p - _roots[k]) * spacing;
                f[p * step] = _values[_roots[k]] + (offset * offset);
            }
        }

        /// <summary>Where, in voxels, the parabola rooted at b begins to lie below the one rooted at a.</summary>
        private double Crossing(int a, int b, double spacing) =>
            (((_values[b] - _values[a]) / (spacing * spacing * (b - a))) + a + b) / 2;
    }
}
