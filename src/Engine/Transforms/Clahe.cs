using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Equalises the histogram of each channel locally, with limited contrast (CLAHE: Zuiderveld, Graphics Gems IV, 1994). The result
/// lies between 0 and 1.
/// </summary>
public sealed class Clahe : SegTransform
{
    private readonly double _clipLimit;
    private readonly int[] _kernel;

    internal Clahe(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: false))
    {
        _clipLimit = parameters.Number("clip_limit");
        var kernel = parameters.Numbers("kernel_size") ?? [];
        if (kernel.Length is not (2 or 3) || kernel.Any(n => n != Math.Floor(n)))
            throw parameters.Wrong("kernel_size", "two or three whole numbers are needed", "Give for example [8, 8].");
        _kernel = Array.ConvertAll(kernel, n => (int)n);
    }

    internal static ComponentSpec Spec { get; } = new("Clahe",
    [
        new(
            "clip_limit", ParameterKind.Number, Default: 3.0, Minimum: 0,
            Help: "Largest part of a tile's voxels that one of the 256 gray levels may hold; 0, and 1 or more, set no limit."),
        new(
            "kernel_size", ParameterKind.IntegerList, new object?[] { 8L, 8L }, 1, 512, MinimumCount: 2, MaximumCount: 3,
            Help: "Voxels of a tile along H and W (and D for volumes)."),
    ]);

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        if (sample.Size.D > 1 && _kernel.Length < 3)
        {
            throw new SegException(
                "TransformParameter", SegErrorKind.InvalidArgument,
                $"transformation.{Name}.kernel_size has two numbers, but the sample is a volume of {sample.Size} voxels.",
                "Give a third number, the tile's size along D.", $"transformation.{Name}.kernel_size");
        }

        return new Drawn(sample, new(_kernel[0], _kernel[1], sample.Size.D == 1 ? 1 : _kernel[2]), _clipLimit);
    }

    private sealed class Drawn(SampleInfo sample, GridSize kernel, double clipLimit) : DrawnIntensity(sample)
    {
        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel) =>
            LocalEqualizer.Equalize(source[..Input.Size.Count], Input.Size, kernel, clipLimit, destination);
    }
}
