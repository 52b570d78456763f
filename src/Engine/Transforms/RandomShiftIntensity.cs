using System.Numerics.Tensors;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>Adds, with a given probability, one random number to a channel; each channel draws its own.</summary>
public sealed class RandomShiftIntensity : SegTransform
{
    private readonly double _low;
    private readonly double _high;
    private readonly double _probability;

    internal RandomShiftIntensity(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: false))
    {
        (_low, _high) = parameters.Range("shift_range");
        _probability = parameters.Number("prob");
    }

    internal static ComponentSpec Spec { get; } = new("RandomShiftIntensity",
    [
        new(
            "shift_range", ParameterKind.NumberList, Required: true, MinimumCount: 2, MaximumCount: 2,
            Help: "Lowest and highest number that is added."),
        new("prob", ParameterKind.Number, Default: 0.1, Minimum: 0, Maximum: 1, Help: "Probability that a channel is shifted."),
    ]);

    public override bool IsRandom => true;

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var shifts = new float[sample.Channels];
        for (var c = 0; c < shifts.Length; c++)
        {
            var happens = random.NextDouble() < _probability;
            var shift = random.NextUniform(_low, _high);
            shifts[c] = happens ? (float)shift : 0;
        }

        return new Drawn(sample, shifts);
    }

    private sealed class Drawn(SampleInfo sample, float[] shifts) : DrawnIntensity(sample)
    {
        public override bool IsIdle => Array.TrueForAll(shifts, shift => shift == 0);

        public override IReadOnlyList<DrawnParameter> Describe() => IsIdle ? [] : [new("shift", Array.ConvertAll(shifts, s => (double)s))];

        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel) =>
            TensorPrimitives.Add(source[..Input.Size.Count], shifts[channel % shifts.Length], destination);
    }
}
