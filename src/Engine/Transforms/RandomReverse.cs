using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>Mirrors each axis with probability one half.</summary>
public sealed class RandomReverse : SegTransform
{
    internal RandomReverse(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: true))
    {
    }

    internal static ComponentSpec Spec { get; } = new("RandomReverse", []);

    public override bool IsRandom => true;

    public override bool IsSpatial => true;

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new Drawn(sample, random.Next(2) == 1, random.Next(2) == 1, random.Next(2) == 1);
    }

    /// <summary>Mirrors the chosen axes; its own inverse.</summary>
    internal static void Flip(ReadOnlySpan<float> source, GridSize size, bool h, bool w, bool d, Span<float> destination)
    {
        var line = size.D;
        for (var i = 0; i < size.H; i++)
        {
            var row = (h ? size.H - 1 - i : i) * size.W;
            for (var j = 0; j < size.W; j++)
            {
                var to = destination.Slice(((i * size.W) + j) * line, line);
                source.Slice((row + (w ? size.W - 1 - j : j)) * line, line).CopyTo(to);
                if (d)
                    to.Reverse();
            }
        }
    }

    private sealed class Drawn(SampleInfo sample, bool h, bool w, bool d) : DrawnTransform(sample, sample with { RoiCentre = null })
    {
        public override bool IsIdle => !h && !w && !(d && Input.Size.D > 1);

        public override IReadOnlyList<DrawnParameter> Describe() =>
            IsIdle ? [] : [new("flip H W D", [h ? 1 : 0, w ? 1 : 0, d && Input.Size.D > 1 ? 1 : 0])];

        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel) =>
            Flip(source, Input.Size, h, w, d, destination);

        public override void Undo(ReadOnlySpan<float> source, Span<float> destination) =>
            Flip(source, Input.Size, h, w, d, destination);
    }
}
