using System.Numerics.Tensors;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Multiplies a channel, with a given probability, by a smooth random field as MRI coils cause it: the exponential of a polynomial
/// in the coordinates. Each channel draws its own coefficients. Van Leemput et al., Automated model-based tissue classification of
/// MR images of the brain, 1999.
/// </summary>
public sealed class RandomBiasField : SegTransform
{
    private readonly double _low;
    private readonly double _high;
    private readonly int _order;
    private readonly double _probability;

    internal RandomBiasField(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: false))
    {
        (_low, _high) = parameters.Numbers("coefficients") switch
        {
            [>= 0 and var c] => (-c, c),
            [var low, var high] when low <= high => (low, high),
            _ => throw parameters.Wrong(
                "coefficients", "one number of at least 0, or [lowest, highest], is needed", "Give for example 0.5, which means [-0.5, 0.5]."),
        };
        (_order, _probability) = (parameters.Integer("order"), parameters.Number("p"));
    }

    internal static ComponentSpec Spec { get; } = new("RandomBiasField",
    [
        new(
            "coefficients", ParameterKind.NumberOrList, null, -100, 100, Required: true, MinimumCount: 2, MaximumCount: 2,
            Help: "Largest size c of a coefficient (then −c … c), or [lowest, highest]."),
        new("order", ParameterKind.Integer, Minimum: 0, Maximum: 10, Required: true, Help: "Highest degree of the polynomial; 3 is usual."),
        new("p", ParameterKind.Number, Default: 0.5, Minimum: 0, Maximum: 1, Help: "Probability that a channel is changed."),
    ]);

    public override bool IsRandom => true;

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var fields = new double[]?[sample.Channels];
        for (var c = 0; c < fields.Length; c++)
        {
            var happens = random.NextDouble() < _probability;
            var coefficients = new double[BiasField.Terms(_order)];
            for (var i = 0; i < coefficients.Length; i++)
                coefficients[i] = random.NextUniform(_low, _high);
            fields[c] = happens ? coefficients : null;
        }

        return new Drawn(sample, _order, fields);
    }

    private sealed class Drawn(SampleInfo sample, int order, double[]?[] fields) : DrawnIntensity(sample)
    {
        public override bool IsIdle => Array.TrueForAll(fields, drawn => drawn is null);

        public override IReadOnlyList<DrawnParameter> Describe() =>
            [.. fields.Select((Drawn, Channel) => (Drawn, Channel)).Where(f => f.Drawn is not null)
                .Select(f => new DrawnParameter(fields.Length == 1 ? "coefficients" : $"coefficients {f.Channel}", f.Drawn!))];

        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel)
        {
            source = source[..Input.Size.Count];
            if (fields[channel % fields.Length] is not { } coefficients)
            {
                source.CopyTo(destination);
                return;
            }

            BiasField.Fill(Input.Size, order, coefficients, destination);
            TensorPrimitives.Multiply(destination[..source.Length], source, destination);
        }
    }
}
