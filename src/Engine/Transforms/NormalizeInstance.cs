using System.Numerics.Tensors;
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
        var sum = 0.0;
        for (var start = 0; start < source.Length; start += Chunk)
            sum += TensorPrimitives.Sum(Part(source, start));
        TensorPrimitives.Subtract(source, (float)(sum / source.Length), destination);
        destination = destination[..source.Length];
        var squares = 0.0;
        for (var start = 0; start < source.Length; start += Chunk)
            squares += TensorPrimitives.SumOfSquares(Part(destination, start));
        var deviation = Math.Sqrt(squares / source.Length);
        if (deviation >= Flat)
            TensorPrimitives.Multiply(destination, (float)(1 / deviation), destination);
    }

    private static ReadOnlySpan<float> Part(ReadOnlySpan<float> values, int start) =>
        values.Slice(start, Math.Min(Chunk, values.Length - start));

    private sealed class Drawn(SampleInfo sample) : DrawnIntensity(sample)
    {
        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel) =>
            Normalize(source[..Input.Size.Count], destination);
    }
}
