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
        return new Drawn(sample, AffineStep.Of(sample.Size, angle, axes, scale, translation), Described(angle, axes, scale, translation, sample));
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

    private static DrawnParameter[] Described(
        double angle, (int First, int Second) axes, double[] scale, double[] translation, SampleInfo sample)
    {
        var isSlice = sample.Size.D == 1;
        var turn = DrawnParameter.Of(isSlice ? "angle" : $"angle {"HWD"[axes.First]}{"HWD"[axes.Second]}", angle * 180 / Math.PI, "deg");
        return [turn, new("scale", isSlice ? scale[..2] : scale), new("shift", isSlice ? translation[..2] : translation, "voxels")];
    }

    private sealed class Drawn(SampleInfo sample, AffineStep step, DrawnParameter[] described)
        : DrawnTransform(sample, sample with { RoiCentre = null })
    {
        private readonly AffineStep _inverse = step.Inverse();

        public override IReadOnlyList<DrawnParameter> Describe() => described;

        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel) =>
            AffineResampler.Resample(source, Input.Size, step.Matrix, step.Offset, destination);

        public override void Undo(ReadOnlySpan<float> source, Span<float> destination) =>
            AffineResampler.Resample(source, Input.Size, _inverse.Matrix, _inverse.Offset, destination);
    }
}

/// <summary>The map from an output voxel o to its place in the source: Matrix·o + Offset.</summary>
/// <param name="Matrix">3×3 row-major over H, W, D.</param>
/// <param name="Offset">In voxels.</param>
internal sealed record AffineStep(double[] Matrix, double[] Offset)
{
    /// <summary>
    /// (R·diag(1/scale))ᵀ about the point size/2, then a translation. R turns by <paramref name="angle"/> (radians) in the plane
    /// of two axes.
    /// </summary>
    public static AffineStep Of(GridSize size, double angle, (int First, int Second) axes, double[] scale, double[] translation)
    {
        var (c, s) = (Math.Cos(angle), Math.Sin(angle));
        var rotation = new double[] { 1, 0, 0, 0, 1, 0, 0, 0, 1 };
        var (a, b) = axes;
        // In the plane (H, D) the rotation runs the other way, as a right-handed turn about W does.
        var sign = (a, b) == (0, 2) ? -1 : 1;
        rotation[(a * 3) + a] = rotation[(b * 3) + b] = c;
        rotation[(a * 3) + b] = -sign * s;
        rotation[(b * 3) + a] = sign * s;

        var matrix = new double[9];
        var offset = new double[3];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
                matrix[(i * 3) + j] = rotation[(j * 3) + i] / scale[i];
            offset[i] = (0.5 * size[i]) + translation[i];
            for (var j = 0; j < 3; j++)
                offset[i] -= matrix[(i * 3) + j] * 0.5 * size[j];
        }

        return new AffineStep(matrix, offset);
    }

    /// <summary>The map back.</summary>
    public AffineStep Inverse()
    {
        var m = Matrix;
        var cofactors = new double[9];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                var (r0, r1, c0, c1) = ((j + 1) % 3, (j + 2) % 3, (i + 1) % 3, (i + 2) % 3);
                cofactors[(i * 3) + j] = (m[(r0 * 3) + c0] * m[(r1 * 3) + c1]) - (m[(r0 * 3) + c1] * m[(r1 * 3) + c0]);
            }
        }

        var determinant = (m[0] * cofactors[0]) + (m[1] * cofactors[3]) + (m[2] * cofactors[6]);
        var inverse = Array.ConvertAll(cofactors, x => x / determinant);
        var offset = new double[3];
        for (var i = 0; i < 3; i++)
            offset[i] = -((inverse[i * 3] * Offset[0]) + (inverse[(i * 3) + 1] * Offset[1]) + (inverse[(i * 3) + 2] * Offset[2]));
        return new AffineStep(inverse, offset);
    }
}
