using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Cuts out a given box; what lies outside the sample is 0. Without <c>origin</c> the box lies in the middle.
/// </summary>
public sealed class BoundingBoxCrop : SegTransform
{
    private readonly CropSize _size;
    private readonly (int H, int W, int D)? _origin;

    internal BoundingBoxCrop(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: true))
    {
        _size = CropSize.Of(parameters);
        _origin = Origin(parameters);
    }

    internal static ComponentSpec Spec { get; } = new("BoundingBoxCrop",
    [
        CropSize.Parameter,
        new(
            "origin", ParameterKind.IntegerList, null, -(1 << 15), 1 << 15, MinimumCount: 2, MaximumCount: 3,
            Help: "First voxel of the box along H and W (and D for volumes); not given: the box lies in the middle."),
    ]);

    public override bool AtLoad => true;

    public override bool IsSpatial => true;

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        var to = _size.For(sample.Size);
        var first = _origin ?? CropSize.Middle(sample.Size, to);
        return new DrawnCrop(sample, to, sample.Size.D == 1 ? first with { D = 0 } : first);
    }

    private static (int H, int W, int D)? Origin(TransformParameters parameters) => parameters.Numbers("origin") switch
    {
        null => null,
        { Length: 2 or 3 } origin when origin.All(n => n == Math.Floor(n)) =>
            ((int)origin[0], (int)origin[1], origin.Length == 3 ? (int)origin[2] : 0),
        _ => throw parameters.Wrong("origin", "two or three whole numbers are needed", "Give for example [10, 20]."),
    };
}
