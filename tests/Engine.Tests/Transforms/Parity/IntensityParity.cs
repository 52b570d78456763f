using System.Numerics.Tensors;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Tests.Transforms.Parity;

/// <summary>Rows of the transforms that change values.</summary>
internal static class IntensityParity
{
    private const double Usual = 1e-5;

    public static ParityRow[] Rows { get; } =
    [
        new("NormalizeInstance", "NormalizeInstance", Usual, "whole transform", c => [c.Whole()]),
        new("HistogramClipping", "HistogramClipping", Usual, "whole transform", c => [c.Whole()]),
        new("HistogramClipping percentiles", "HistogramClipping", Usual, "the two percentiles", c => [Percentile(c)]),
        new("Clahe", "Clahe", 1e-4, "whole transform; one of the 2^14 levels to which the result is rounded down is 6.1e-5", c => [c.Whole()]),
        new("DilateGT", "DilateGT", Usual, "whole transform", c => [c.Whole(SampleKinds.Label)]),
        new(
            "RandomShiftIntensity", "RandomShiftIntensity", Usual, "with the given offset",
            c => [c.Plane((x, _, y) => TensorPrimitives.Add(x, (float)c.Parameter("offset"), y))]),
        new(
            "AdditiveGaussianNoise", "AdditiveGaussianNoise", Usual, "with the given noise",
            c => [c.Plane((x, _, y) => TensorPrimitives.Add(x, c.In("noise").Floats(), y))]),
        new("RandomGamma", "RandomGamma", Usual, "with the given power", c => [c.Plane((x, _, y) => RandomGamma.Power(x, c.Parameter("gamma"), y))]),
        new(
            "RandomBlur", "RandomBlur", Usual, "with the given width",
            c => [c.Plane((x, size, y) => RandomBlur.Blur(x, size, c.Parameter("sigma"), y))]),
        new("RandomBiasField", "RandomBiasField", Usual, "field and result with the given coefficients", Bias),
    ];

    private static ParityPair Percentile(Support.GoldenCase c)
    {
        var (low, high) = Percentiles.Of(c.In("x").Floats(), c.Parameter("min_percentile"), c.Parameter("max_percentile"));
        return new([(float)c.Number("p_lo"), (float)c.Number("p_hi")], [(float)low, (float)high]);
    }

    private static IEnumerable<ParityPair> Bias(Support.GoldenCase c)
    {
        var x = c.In("x");
        var field = new float[x.Count];
        BiasField.Fill(x.Size(), (int)c.Parameter("order"), c.Numbers("coefficients"), field);
        yield return new(c.Out("field").Floats(), field);
        yield return c.Plane((source, _, y) => TensorPrimitives.Multiply(source, field, y));
    }
}
