using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// (x − mean)/standard deviation of each channel of each sample (population standard deviation). A sample that hardly varies
/// (standard deviation below 1e-5) only loses its mean.
/// </summary>
public sealed class NormalizeInstance : SegTransform
{
    private const double Flat = 1e-5;

    // Single-precision sums stay exact enough over this many values; the parts are added in double precision.
    private const int Chunk = 4096;

    internal NormalizeInstance(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: false))
    {
    }

    internal static ComponentSpec Spec { get; } = new("NormalizeInstance", []);

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random) => new Drawn(sample);

    /// <summary>Normalises one channel.</summary>
    internal static void Normalize(ReadOnlySpan<float> source, Span<float> destination)
    {
        TensorPrimitives.Subtract(source, (float)(Sum(source, squares: false) / source.Length), destination);
        destination = destination[..source.Length];
        var deviation = Math.Sqrt(Sum(destination, squares: true) / source.Length);
        if (deviation >= Flat)
            TensorPrimitives.Multiply(destination, (float)(1 / deviation), destination);
    }

    /// <summary>Sum of the values or of their squares, always in the same order, so that processors of every vector width agree.</summary>
    private static double Sum(ReadOnlySpan<float> values, bool squares)
    {
        var sum = 0.0;
        for (var start = 0; start < values.Length; start += Chunk)
        {
            var part = values.Slice(start, Math.Min(Chunk, values.Length - start));
            sum += squares ? SumOfPart<Square>(part) : SumOfPart<Itself>(part);
        }

        return sum;
    }

    /// <summary>Four vectors of eight lanes, so that an addition need not wait for the one before it; then the lanes from first to last.</summary>
    private static double SumOfPart<TTerm>(ReadOnlySpan<float> values)
        where TTerm : struct, ITerm
    {
        var n = Vector256<float>.Count;
        var (a, b, c, d) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        var i = 0;
        for (; i <= values.Length - (4 * n); i += 4 * n)
        {
            a += TTerm.Of(Vector256.Create(values[i..]));
            b += TTerm.Of(Vector256.Create(values[(i + n)..]));
            c += TTerm.Of(Vector256.Create(values[(i + (2 * n))..]));
            d += TTerm.Of(Vector256.Create(values[(i + (3 * n))..]));
        }

        var lanes = a + b + (c + d);
        var sum = 0.0;
        for (var lane = 0; lane < n; lane++)
            sum += lanes[lane];
        for (; i < values.Length; i++)
            sum += TTerm.Of(Vector256.CreateScalar(values[i]))[0];
        return sum;
    }

    /// <summary>What is summed of each value.</summary>
    private interface ITerm
    {
        static abstract Vector256<float> Of(Vector256<float> values);
    }

    private readonly struct Itself : ITerm
    {
        public static Vector256<float> Of(Vector256<float> values) => values;
    }

    private readonly struct Square : ITerm
    {
        public static Vector256<float> Of(Vector256<float> values) => values * values;
    }

    private sealed class Drawn(SampleInfo sample) : DrawnIntensity(sample)
    {
        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel) =>
            Normalize(source[..Input.Size.Count], destination);
    }
}
