using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Bends samples, with a given probability, by a smooth random field; the field is drawn once per sample and moves every channel,
/// class and region alike. Linear interpolation, mirrored at the borders. It has no inverse.
/// </summary>
public sealed class ElasticTransform : SegTransform
{
    private readonly (double Low, double High) _alpha;
    private readonly (double Low, double High) _sigma;
    private readonly double _probability;
    private readonly bool _smoothThickness;

    internal ElasticTransform(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: true))
    {
        _alpha = parameters.Range("alpha_range");
        _sigma = parameters.Range("sigma_range");
        _probability = parameters.Number("p");
        _smoothThickness = parameters.Flag("smooth_thickness");
    }

    internal static ComponentSpec Spec { get; } = new("ElasticTransform",
    [
        new(
            "alpha_range", ParameterKind.NumberList, Minimum: 0, Maximum: 1e6, Required: true, MinimumCount: 2, MaximumCount: 2,
            Help: "Lowest and highest strength: the factor of the smoothed noise, in voxels."),
        new(
            "sigma_range", ParameterKind.NumberList, Minimum: 0, Maximum: 1000, Required: true, MinimumCount: 2, MaximumCount: 2,
            Help: "Lowest and highest standard deviation of the smoothing, in voxels."),
        new("p", ParameterKind.Number, Default: 0.1, Minimum: 0, Maximum: 1, Help: "Probability that a sample is changed."),
        new(
            "smooth_thickness", ParameterKind.Boolean, Default: false,
            Help: "True smooths slices across their thickness too, as ivadomed does, which weakens them to about 1/(σ√2π)."),
    ]);

    public override bool IsRandom => true;

    public override bool IsSpatial => true;

    public override bool HasUndo => false;

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var happens = random.NextDouble() < _probability;
        var alpha = random.NextUniform(_alpha.Low, _alpha.High);
        var sigma = random.NextUniform(_sigma.Low, _sigma.High);
        if (!happens)
            return new Drawn(sample, null, null, []);
        var strength = _smoothThickness && sample.Size.D == 1 ? alpha * ThicknessWeight(sigma) : alpha;
        return new Drawn(
            sample, ElasticField.Draw(sample.Size, strength, sigma, random), null,
            [DrawnParameter.Of("alpha", alpha, "voxels"), DrawnParameter.Of("sigma", sigma, "voxels")]);
    }

    /// <summary>What smoothing along an axis of one voxel with zeros around it leaves of a value.</summary>
    internal static double ThicknessWeight(double sigma)
    {
        var kernel = GaussianFilter.Kernel(sigma);
        return kernel[kernel.Length / 2];
    }

    /// <summary>A field, or none where the sample stays as it is, and an affine map that was merged into it.</summary>
    private sealed class Drawn(SampleInfo sample, ElasticField? bend, AffineStep? before, DrawnParameter[] described)
        : DrawnTransform(sample, sample with { RoiCentre = null })
    {
        public override bool IsIdle => bend is null;

        public override IReadOnlyList<DrawnParameter> Describe() => described;

        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel)
        {
            if (bend is null)
                source[..Input.Size.Count].CopyTo(destination);
            else
                bend.Warp(source, before, destination);
        }

        public override void Undo(ReadOnlySpan<float> source, Span<float> destination)
        {
            if (bend is not null)
                throw new NotSupportedException("ElasticTransform has no inverse.");
            source[..Input.Size.Count].CopyTo(destination);
        }

        internal override DrawnTransform? MergedAfter(DrawnTransform earlier) =>
            bend is not null && before is null && earlier is RandomAffine.Drawn affine
                ? new Drawn(earlier.Input, bend, affine.Step, [.. affine.Describe(), .. described])
                : null;

        internal override void Release() => bend?.Release();
    }
}
