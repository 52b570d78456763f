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
    ];

    private static ComponentSpec Planned(string name, params ParameterSpec[] parameters) => new(name, parameters, Supported: false);

    private static ParameterSpec List(string name, ParameterKind kind, int least, int most, double minimum, bool required = false) =>
        new(name, kind, Minimum: minimum, Required: required, MinimumCount: least, MaximumCount: most);

    private static ParameterSpec Probability(string name, double value) =>
        new(name, ParameterKind.Number, Default: value, Minimum: 0, Maximum: 1, Help: "Probability that a sample is changed.");
}
