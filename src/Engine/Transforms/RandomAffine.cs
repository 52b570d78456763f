using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Rotates, scales and moves each sample at random in one linear interpolation; every channel and class of a sample moves
/// alike. Slices turn in their plane, volumes in a random plane of two axes. Outside the sample is 0.
/// </summary>
public sealed class RandomAffine : SegTransform
{
    private readonly (double Low, double High) _degrees;
    private readonly double[]? _translate;
    private readonly double[]? _scale;

    internal RandomAffine(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: true))
    {
        _degrees = Degrees(parameters);
        _translate = PerAxis(parameters, "translate");
        _scale = PerAxis(parameters, "scale");
    }

    internal static ComponentSpec Spec { get; } = new("RandomAffine",
    [
        new(
            "degrees", ParameterKind.NumberOrList, 0.0, -360, 360, MinimumCount: 2, MaximumCount: 2,
            Help: "Largest angle d (then −d … d), or [lowest, highest], in degrees."),
        new(
            "translate", ParameterKind.NumberList, null, 0, 1, MinimumCount: 2, MaximumCount: 3,
            Help: "Largest shift along H, W (and D) as a fraction of the size."),
        new(
            "scale", ParameterKind.NumberList, null, 0, 1, MinimumCount: 2, MaximumCount: 3,
            Help: "Largest change of scale s along H, W (and D): 1 − s … 1 + s."),
    ]);

    public override bool IsRandom => true;

    public override bool IsSpatial => true;

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var angle = random.NextUniform(_degrees.Low, _degrees.High) * Math.PI / 180;
        var axes = sample.Size.D == 1 ? (0, 1) : Planes[random.Next(Planes.Length)];
        var scale = new double[] { 1, 1, 1 };
        var translation = new double[3];
        for (var axis = 0; axis < 3; axis++)
        {
            if (_scale is not null)
                scale[axis] = random.NextUniform(1 - _scale[axis], 1 + _scale[axis]);
            if (_translate is not null)
            {
                var limit = _translate[axis] * sample.Size[axis];
                translation[axis] = Math.Round(random.NextUniform(-limit, limit), MidpointRounding.ToEven);
            }
        }

        // A slice has no third axis to stretch or to move along.
        if (sample.Size.D == 1)
            (scale[2], translation[2]) = (1, 0);
        return new Drawn(sample, angle, axes, scale, translation);
    }

    private static (int First, int Second)[] Planes { get; } = [(0, 1), (0, 2), (1, 2)];

    private static (double Low, double High) Degrees(TransformParameters parameters)
    {
        var degrees = parameters.Numbers("degrees")!;
        return degrees switch
        {
            [>= 0 and var d] => (-d, d),
            [var low, var high] when low <= high => (low, high),
            [_] => throw parameters.Wrong("degrees", "a single angle must not be negative", "Give the largest angle, or [lowest, highest]."),
            _ => throw parameters.Wrong("degrees", "one angle or [lowest, highest] is needed", "Give for example 10 or [-5, 10]."),
        };
    }

    private static double[]? PerAxis(TransformParameters parameters, string name)
    {
        var values = parameters.Numbers(name);
        return values switch
        {
            null => null,
            [_, _] => [.. values, 0],
            [_, _, _] => values,
            _ => throw parameters.Wrong(name, "two or three numbers are needed, one per axis", "Give for example [0.1, 0.1]."),
        };
    }

    /// <summary>A turn, stretch and shift of one sample.</summary>
    internal sealed class Drawn(SampleInfo sample, double angle, (int First, int Second) axes, double[] scale, double[] translation)
        : DrawnTransform(sample, sample with { RoiCentre = null })
    {
        private AffineStep? _inverse;

        /// <summary>Output voxels to input places.</summary>
        public AffineStep Step { get; } = AffineStep.Of(sample.Size, angle, axes, scale, translation);

        public override IReadOnlyList<DrawnParameter> Describe()
        {
            var isSlice = Input.Size.D == 1;
            var turn = DrawnParameter.Of(isSlice ? "angle" : $"angle {"HWD"[axes.First]}{"HWD"[axes.Second]}", angle * 180 / Math.PI, "deg");
            return [turn, new("scale", isSlice ? scale[..2] : scale), new("shift", isSlice ? translation[..2] : translation, "voxels")];
        }

        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel) =>
            AffineResampler.Resample(source, Input.Size, Step, destination);

        public override void Undo(ReadOnlySpan<float> source, Span<float> destination) =>
            AffineResampler.Resample(source, Input.Size, _inverse ??= Step.Inverse(), destination);
    }
}
