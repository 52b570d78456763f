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
        foreach (var x in source)
            sum += x;
        var mean = sum / source.Length;
        var squares = 0.0;
        foreach (var x in source)
            squares += (x - mean) * (x - mean);
        var deviation = Math.Sqrt(squares / source.Length);
        var scale = deviation < Flat ? 1 : 1 / deviation;
        for (var i = 0; i < source.Length; i++)
            destination[i] = (float)((source[i] - mean) * scale);
    }

    private sealed class Drawn(SampleInfo sample) : DrawnIntensity(sample)
    {
        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel) =>
            Normalize(source[..Input.Size.Count], destination);
    }
}
