using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Cuts or pads with 0 to a given size around the centre; the first voxel kept is (size before − size after)/2, rounded half
/// to even.
/// </summary>
public sealed class CenterCrop : SegTransform
{
    private readonly GridSize _size;
    private readonly bool _hasDepth;

    internal CenterCrop(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: true))
    {
        var size = parameters.Numbers("size") ?? [];
        if (size.Length is not (2 or 3) || size.Any(n => n != Math.Floor(n)))
            throw parameters.Wrong("size", "two or three whole numbers are needed", "Give for example [128, 128].");
        _hasDepth = size.Length == 3;
        _size = new GridSize((int)size[0], (int)size[1], _hasDepth ? (int)size[2] : 1);
    }

    internal static ComponentSpec Spec { get; } = new("CenterCrop",
    [
        new(
            "size", ParameterKind.IntegerList, null, 1, 1 << 15, Required: true, MinimumCount: 2, MaximumCount: 3,
            Help: "Voxels along H and W (and D for volumes)."),
    ]);

    public override bool AtLoad => true;

    public override bool IsSpatial => true;

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        var isSlice = sample.Size.D == 1;
        var to = isSlice ? _size with { D = 1 } : _hasDepth ? _size : _size with { D = sample.Size.D };
        var offset = (Offset(sample.Size.H, to.H), Offset(sample.Size.W, to.W), Offset(sample.Size.D, to.D));
        return new Drawn(sample, sample with { Size = to }, offset);
    }

    private static int Offset(int before, int after) => (int)Math.Round((before - after) / 2.0, MidpointRounding.ToEven);

    private sealed class Drawn(SampleInfo input, SampleInfo output, (int H, int W, int D) offset) : DrawnTransform(input, output)
    {
        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel) =>
            BoxCopy.Copy(source, Input.Size, offset, destination, Output.Size);

        public override void Undo(ReadOnlySpan<float> source, Span<float> destination) =>
            BoxCopy.Copy(source, Output.Size, (-offset.H, -offset.W, -offset.D), destination, Input.Size);
    }
}
