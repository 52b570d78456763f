using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Brings every sample to the same voxel size: quadratic spline for images, linear for labels and regions, corner voxels on
/// corner voxels. Slices keep their thickness; <c>dspace</c> counts for volumes only.
/// </summary>
public sealed class Resample : SegTransform
{
    private readonly double _h;
    private readonly double _w;
    private readonly double _d;

    internal Resample(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: true)) =>
        (_h, _w, _d) = (parameters.Number("hspace"), parameters.Number("wspace"), parameters.Number("dspace"));

    internal static ComponentSpec Spec { get; } = new("Resample",
    [
        new("hspace", ParameterKind.Number, Minimum: 1e-9, Required: true, Help: "Voxel size in mm along the slice's first axis."),
        new("wspace", ParameterKind.Number, Minimum: 1e-9, Required: true, Help: "Voxel size in mm along the slice's second axis."),
        new("dspace", ParameterKind.Number, Default: 1.0, Minimum: 1e-9, Help: "Voxel size in mm along the third axis, for volumes."),
    ]);

    public override bool AtLoad => true;

    public override bool IsSpatial => true;

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        var (size, spacing) = (sample.Size, sample.Spacing);
        var to = new GridSize(
            Length(size.H, spacing.H / _h, "H"),
            Length(size.W, spacing.W / _w, "W"),
            size.D == 1 ? 1 : Length(size.D, spacing.D / _d, "D"));
        return new Drawn(sample, sample with { Size = to, Spacing = (_h, _w, size.D == 1 ? spacing.D : _d), RoiCentre = null });
    }

    private static int Length(int n, double factor, string axis)
    {
        const int limit = 1 << 15;
        return n * factor <= limit
            ? SplineResampler.OutputLength(n, factor)
            : throw new SegException(
                "ResampleTooLarge", SegErrorKind.InvalidArgument,
                FormattableString.Invariant($"transformation.Resample would turn {n} voxels along {axis} into {n * factor:F0}, more than {limit}."),
                "Check that hspace and wspace are in mm (microscopy: 0.0001 is 0.1 µm) and that the image's voxel size is right.");
    }

    private sealed class Drawn(SampleInfo input, SampleInfo output) : DrawnTransform(input, output)
    {
        // All slices of an image use the same weights. Two threads that make them at once make the same.
        private SplineResampler? _image;
        private SplineResampler? _label;
        private SplineResampler? _back;

        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel)
        {
            var resampler = kind == SampleKinds.Image
                ? _image ??= new SplineResampler(Input.Size, Output.Size, 2)
                : _label ??= new SplineResampler(Input.Size, Output.Size, 1);
            resampler.Run(source, destination);
        }

        public override void Undo(ReadOnlySpan<float> source, Span<float> destination) =>
            (_back ??= new SplineResampler(Output.Size, Input.Size, 1)).Run(source, destination);
    }
}
