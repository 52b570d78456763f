using System.Numerics.Tensors;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>Cuts the values of each channel at two of its own percentiles, which are interpolated linearly.</summary>
public sealed class HistogramClipping : SegTransform
{
    private readonly double _low;
    private readonly double _high;

    internal HistogramClipping(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: false))
    {
        (_low, _high) = (parameters.Number("min_percentile"), parameters.Number("max_percentile"));
        if (_low > _high)
        {
            throw parameters.Wrong(
                "min_percentile", FormattableString.Invariant($"{_low} is above max_percentile, {_high}"), "Give the lower one as min_percentile.");
        }
    }

    internal static ComponentSpec Spec { get; } = new("HistogramClipping",
    [
        new("min_percentile", ParameterKind.Number, Default: 5.0, Minimum: 0, Maximum: 100, Help: "Values below this percentile become it."),
        new("max_percentile", ParameterKind.Number, Default: 95.0, Minimum: 0, Maximum: 100, Help: "Values above this percentile become it."),
    ]);

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random) => new Drawn(sample, _low, _high);

    /// <summary>Clips one channel at its percentiles.</summary>
    internal static void Clip(ReadOnlySpan<float> source, double low, double high, Span<float> destination)
    {
        var (bottom, top) = Percentiles.Of(source, low, high);
        TensorPrimitives.Max(source, (float)bottom, destination);
        TensorPrimitives.Min(destination[..source.Length], (float)top, destination);
    }

    private sealed class Drawn(SampleInfo sample, double low, double high) : DrawnIntensity(sample)
    {
        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel) =>
            Clip(source[..Input.Size.Count], low, high, destination);
    }
}
