using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Transforms;

/// <summary>The size that a crop is configured with: two numbers leave the depth of volumes as it is.</summary>
/// <param name="Size">Voxels along H, W and D.</param>
/// <param name="HasDepth">D was given.</param>
internal readonly record struct CropSize(GridSize Size, bool HasDepth)
{
    /// <summary>The parameter <c>size</c> of a crop.</summary>
    public static ParameterSpec Parameter { get; } = new(
        "size", ParameterKind.IntegerList, null, 1, 1 << 15, Required: true, MinimumCount: 2, MaximumCount: 3,
        Help: "Voxels along H and W (and D for volumes).");

    public static CropSize Of(TransformParameters parameters)
    {
        var size = parameters.Numbers("size") ?? [];
        if (size.Length is not (2 or 3) || size.Any(n => n != Math.Floor(n)))
            throw parameters.Wrong("size", "two or three whole numbers are needed", "Give for example [128, 128].");
        return new CropSize(new GridSize((int)size[0], (int)size[1], size.Length == 3 ? (int)size[2] : 1), size.Length == 3);
    }

    /// <summary>The size after cropping a sample. A slice stays a slice.</summary>
    public GridSize For(GridSize sample) => sample.D == 1 ? Size with { D = 1 } : HasDepth ? Size : Size with { D = sample.D };

    /// <summary>
    /// First voxel kept of the box in the middle of a sample: (before − after)/2 rounded half to even, negative when the box is larger.
    /// </summary>
    public static (int H, int W, int D) Middle(GridSize before, GridSize after) =>
        (Half(before.H - after.H), Half(before.W - after.W), Half(before.D - after.D));

    /// <summary>n/2 rounded half to even.</summary>
    public static int Half(int n) => (int)Math.Round(n / 2.0, MidpointRounding.ToEven);
}

/// <summary>A box cut out of a sample; what lies outside the sample is 0, also when the box is put back.</summary>
/// <param name="first">Voxel of the input that becomes voxel (0, 0, 0); may be negative.</param>
internal sealed class DrawnCrop(SampleInfo input, GridSize size, (int H, int W, int D) first)
    : DrawnTransform(input, input with { Size = size, RoiCentre = null })
{
    public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel) =>
        BoxCopy.Copy(source, Input.Size, first, destination, Output.Size);

    public override void Undo(ReadOnlySpan<float> source, Span<float> destination) =>
        BoxCopy.Copy(source, Output.Size, (-first.H, -first.W, -first.D), destination, Input.Size);
}
