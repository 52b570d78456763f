using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Softens labels: each connected object gets rings of one voxel around it whose values fall from 1 to 0. The number of rings grows
/// with the square root of the object's size. Nothing about it is random.
/// </summary>
public sealed class DilateGT : SegTransform
{
    private readonly double _factor;

    internal DilateGT(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(SampleKinds.Label))
    {
        if ((AppliesTo & SampleKinds.Image) != 0)
            throw parameters.Wrong("applied_to", "an image would become a mask", "List gt, roi or both, or remove applied_to.");
        _factor = parameters.Number("dilation_factor");
    }

    internal static ComponentSpec Spec { get; } = new("DilateGT",
    [
        new(
            "dilation_factor", ParameterKind.Number, Minimum: 0, Maximum: 100, Required: true,
            Help: "Rings for an object of n voxels: this factor times √n, rounded. 0 changes nothing."),
    ]);

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random) => new Drawn(sample, _factor);

    private sealed class Drawn(SampleInfo sample, double factor) : DrawnIntensity(sample)
    {
        public override bool IsIdle => factor == 0;

        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel) =>
            SoftDilation.Dilate(source[..Input.Size.Count], Input.Size, factor, destination);
    }
}
