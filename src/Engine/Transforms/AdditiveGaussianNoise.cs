using System.Numerics.Tensors;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Adds normally distributed noise, independent in every voxel and channel. The draw is the seed of the noise, so that applying it
/// again gives the same noise.
/// </summary>
public sealed class AdditiveGaussianNoise : SegTransform
{
    private readonly double _mean;
    private readonly double _deviation;

    internal AdditiveGaussianNoise(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: false)) =>
        (_mean, _deviation) = (parameters.Number("mean"), parameters.Number("std"));

    internal static ComponentSpec Spec { get; } = new("AdditiveGaussianNoise",
    [
        new("mean", ParameterKind.Number, Default: 0.0, Help: "Mean of the noise."),
        new("std", ParameterKind.Number, Default: 0.01, Minimum: 0, Help: "Standard deviation of the noise."),
    ]);

    public override bool IsRandom => true;

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new Drawn(sample, unchecked((long)random.NextBits()), _mean, _deviation);
    }

    private sealed class Drawn(SampleInfo sample, long seed, double mean, double deviation) : DrawnIntensity(sample)
    {
        public override bool IsIdle => mean == 0 && deviation == 0;

        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel)
        {
            destination = destination[..Input.Size.Count];
            NormalDeviates.Fill(new RandomStream(seed, (long)kind, channel), destination, mean, deviation);
            TensorPrimitives.Add(destination, source[..Input.Size.Count], destination);
        }
    }
}
