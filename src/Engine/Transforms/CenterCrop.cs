using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Cuts or pads with 0 to a given size around the centre; the first voxel kept is (size before − size after)/2, rounded half
/// to even.
/// </summary>
public sealed class CenterCrop : SegTransform
{
    private readonly CropSize _size;

    internal CenterCrop(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: true)) => _size = CropSize.Of(parameters);

    internal static ComponentSpec Spec { get; } = new("CenterCrop", [CropSize.Parameter]);

    public override bool AtLoad => true;

    public override bool IsSpatial => true;

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        var to = _size.For(sample.Size);
        return new DrawnCrop(sample, to, CropSize.Middle(sample.Size, to));
    }
}
