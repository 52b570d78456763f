using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Blurs a channel, with a given probability, by a Gaussian of random width; each channel draws its own. The width is in voxels
/// and the same along all axes; slices are blurred in their plane.
/// </summary>
public sealed class RandomBlur : SegTransform
{
    private readonly double _low;
    private readonly double _high;
    private readonly double _probability;

    internal RandomBlur(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: false))
    {
        (_low, _high) = parameters.Range("sigma_range");
        _probability = parameters.Number("p");
    }

    internal static ComponentSpec Spec { get; } = new("RandomBlur",
    [
        new(
            "sigma_range", ParameterKind.NumberList, null, 0, 100, Required: true, MinimumCount: 2, MaximumCount: 2,
            Help: "Smallest and largest standard deviation, in voxels."),
        new("p", ParameterKind.Number, Default: 0.5, Minimum: 0, Maximum: 1, Help: "Probability that a channel is blurred."),
    ]);

    public override bool IsRandom => true;

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var sigmas = new double[sample.Channels];
        for (var c = 0; c < sigmas.Length; c++)
        {
            var happens = random.NextDouble() < _probability;
            var sigma = random.NextUniform(_low, _high);
            sigmas[c] = happens ? sigma : 0;
        }

        return new Drawn(sample, sigmas);
    }

    /// <summary>Blurs one plane; beyond an edge it is mirrored with its edge voxel repeated.</summary>
    internal static void Blur(ReadOnlySpan<float> source, GridSize size, double sigma, Span<float> destination) =>
        new GaussianFilter(size, sigma, GaussianBoundary.Reflect).Run(source, destination);

    private sealed class Drawn(SampleInfo sample, double[] sigmas) : DrawnIntensity(sample)
    {
        public override bool IsIdle => Array.TrueForAll(sigmas, sigma => sigma == 0);

        public override IReadOnlyList<DrawnParameter> Describe() => IsIdle ? [] : [new("sigma", sigmas, "voxels")];

        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel)
        {
            var sigma = sigmas[channel % sigmas.Length];
            if (sigma == 0)
                source[..Input.Size.Count].CopyTo(destination);
            else
                Blur(source, Input.Size, sigma, destination);
        }
    }
}
