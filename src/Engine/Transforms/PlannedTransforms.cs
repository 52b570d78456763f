using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Transforms;

/// <summary>Transforms of the configuration format that are not built yet: configurations that name them parse.</summary>
internal static class PlannedTransforms
{
    public static IReadOnlyList<ComponentSpec> Specs { get; } =
    [
        Planned(
            "ElasticTransform",
            List("alpha_range", ParameterKind.NumberList, 2, 2, 0, required: true),
            List("sigma_range", ParameterKind.NumberList, 2, 2, 0, required: true),
            Probability("p", 0.1)),
        Planned(
            "AdditiveGaussianNoise",
            new ParameterSpec("mean", ParameterKind.Number, Default: 0.0),
            new ParameterSpec("std", ParameterKind.Number, Default: 0.01, Minimum: 0)),
        Planned("DilateGT", new ParameterSpec("dilation_factor", ParameterKind.Number, Minimum: 0, Required: true)),
        Planned(
            "HistogramClipping",
            new ParameterSpec("min_percentile", ParameterKind.Number, Default: 5.0, Minimum: 0, Maximum: 100),
            new ParameterSpec("max_percentile", ParameterKind.Number, Default: 95.0, Minimum: 0, Maximum: 100)),
        Planned(
            "Clahe",
            new ParameterSpec("clip_limit", ParameterKind.Number, Default: 3.0, Minimum: 0),
            List("kernel_size", ParameterKind.IntegerList, 2, 3, 1)),
        Planned(
            "RandomGamma",
            List("log_gamma_range", ParameterKind.NumberList, 2, 2, double.NegativeInfinity, required: true),
            Probability("p", 0.5)),
        Planned(
            "RandomBiasField",
            new ParameterSpec("coefficients", ParameterKind.NumberOrList, Required: true),
            new ParameterSpec("order", ParameterKind.Integer, Minimum: 0, Required: true),
            Probability("p", 0.5)),
        Planned("RandomBlur", List("sigma_range", ParameterKind.NumberList, 2, 2, 0, required: true), Probability("p", 0.5)),
    ];

    private static ComponentSpec Planned(string name, params ParameterSpec[] parameters) => new(name, parameters, Supported: false);

    private static ParameterSpec List(string name, ParameterKind kind, int least, int most, double minimum, bool required = false) =>
        new(name, kind, Minimum: minimum, Required: required, MinimumCount: least, MaximumCount: most);

    private static ParameterSpec Probability(string name, double value) =>
        new(name, ParameterKind.Number, Default: value, Minimum: 0, Maximum: 1, Help: "Probability that a sample is changed.");
}
