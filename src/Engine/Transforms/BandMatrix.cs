namespace MedSeg.Engine.Transforms;

/// <summary>
/// A linear map of lines of n samples to lines of m samples in which each output depends on a few neighbouring inputs only:
/// interpolation and smoothing, with their boundary rules worked into the weights.
/// </summary>
internal sealed class BandMatrix
{
    /// <summary>A map whose weights are all 0; rows are filled by <see cref="Add"/>.</summary>
    /// <param name="inputs">n.</param>
    /// <param name="outputs">m.</param>
    /// <param name="width">Most neighbouring inputs of an output.</param>
    public BandMatrix(int inputs, int outputs, int width)
    {
        Inputs = inputs;
        Width = Math.Min(width, inputs);
        Start = new int[outputs];
        Weight = new float[outputs * Width];
    }

    /// <summary>n.</summary>
    public int Inputs { get; }

    /// <summary>m.</summary>
    public int Outputs => Start.Length;

    /// <summary>Weights per output.</summary>
    public int Width { get; }

    /// <summary>First input of each output's window.</summary>
    public int[] Start { get; }

    /// <summary>Width weights per output.</summary>
    public float[] Weight { get; }

    /// <summary>Opens the window of an output at an input, moved inwards so that it does not leave the line.</summary>
    public void Place(int output, int first) => Start[output] = Math.Clamp(first, 0, Inputs - Width);

    /// <summary>Adds a weight; the input must lie in the output's window.</summary>
    public void Add(int output, int input, double weight) => Weight[(output * Width) + input - Start[output]] += (float)weight;

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
