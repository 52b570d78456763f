namespace MedSeg.Engine.Transforms;

/// <summary>
/// A linear map of lines of n samples to lines of m samples in which each output depends on a few neighbouring inputs only:
/// interpolation and smoothing, with their boundary rules worked into the weights.
/// </summary>
/// <param name="Inputs">n.</param>
/// <param name="Rows">One per output.</param>
/// <param name="Weights">Of all rows; rows may share weights.</param>
internal sealed record BandMatrix(int Inputs, BandRow[] Rows, float[] Weights)
{
    /// <summary>m.</summary>
    public int Outputs => Rows.Length;

    /// <summary>Linear interpolation at scale·k + offset for each output k; outputs whose place is outside the line are 0.</summary>
    public static BandMatrix Linear(int inputs, int outputs, double scale, double offset)
    {
        var rows = new BandRow[outputs];
        var weights = new float[2 * outputs];
        for (var k = 0; k < outputs; k++)
        {
            var x = (scale * k) + offset;
            if (!(x >= 0 && x <= inputs - 1))
                continue;
            var first = (int)x;
            rows[k] = new BandRow(first, Math.Min(2, inputs - first), 2 * k);
            (weights[2 * k], weights[(2 * k) + 1]) = ((float)(1 - (x - first)), (float)(x - first));
        }

        return new BandMatrix(inputs, rows, weights);
    }

    /// <summary>Index of the sample that a position outside the line repeats when the line is mirrored at its end samples.</summary>
    public static int Mirror(int index, int n)
    {
        if (n == 1)
            return 0;
        var period = 2 * (n - 1);
        var i = Math.Abs(index) % period;
        return i < n ? i : period - i;
    }

    /// <summary>The same when the line is mirrored half a sample beyond its ends, so that the end samples occur twice.</summary>
    public static int Reflect(int index, int n)
    {
        var i = index % (2 * n);
        if (i < 0)
            i += 2 * n;
        return i < n ? i : (2 * n) - 1 - i;
    }
}

/// <summary>One output: the sum of <paramref name="Length"/> neighbouring inputs times weights; 0 when there are none.</summary>
/// <param name="Start">First input.</param>
/// <param name="At">Index of its weight.</param>
internal readonly record struct BandRow(int Start, int Length, int At);
