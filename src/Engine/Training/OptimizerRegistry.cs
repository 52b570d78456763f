using MedSeg.Engine.Configuration;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>The optimisers that <c>training_parameters.optimizer</c> can name.</summary>
public static class OptimizerRegistry
{
    private const double BelowOne = 0.999999999;

    private static readonly ParameterSpec Betas = new(
        "betas", ParameterKind.NumberList, new object?[] { 0.9, 0.999 }, Minimum: 0, Maximum: BelowOne, MinimumCount: 2, MaximumCount: 2,
        Help: "Memory of the mean gradient and of the mean squared gradient.");

    private static readonly ParameterSpec Eps =
        new("eps", ParameterKind.Number, 1e-8, Minimum: 1e-30, Help: "Added to the root of the mean squared gradient.");

    private static readonly ComponentSpec Adam = new("Adam", [Decay(0, "Times the weight, added to the gradient."), Betas, Eps]);

    private static readonly ComponentSpec AdamW = new("AdamW", [Decay(0.01, "Times the learning rate, by which weights shrink at each step."), Betas, Eps]);

    private static readonly ComponentSpec Sgd = new(
        "SGD",
        [
            Decay(0, "Times the weight, added to the gradient."),
            new("momentum", ParameterKind.Number, 0.9, Minimum: 0, Maximum: BelowOne, Help: "Share of the last step that goes on."),
            new("nesterov", ParameterKind.Boolean, false, Help: "Nesterov's momentum."),
        ]);

    /// <summary>All optimisers with their parameters.</summary>
    public static IReadOnlyList<ComponentSpec> Specs { get; } = [Adam, AdamW, Sgd];

    /// <summary>Builds the optimiser that a configuration names.</summary>
    /// <param name="parameters">Names and tensors to train; they stay the caller's.</param>
    /// <exception cref="SegException"><c>OptimizerUnknown</c>, or a wrong parameter.</exception>
    internal static IOptimizer Create(ComponentConfig config, IEnumerable<(string Name, Tensor Parameter)> parameters)
    {
        if (config.Name == Sgd.Name)
        {
            return new SgdOptimizer(
                parameters,
                ParameterReader.Get<double>(config, Sgd, "momentum"),
                ParameterReader.Get<bool>(config, Sgd, "nesterov"),
                ParameterReader.Get<double>(config, Sgd, "weight_decay"));
        }

        ComponentSpec spec = config.Name == Adam.Name ? Adam : config.Name == AdamW.Name ? AdamW : throw new SegException(
            "OptimizerUnknown",
            SegErrorKind.InvalidArgument,
            $"training_parameters.optimizer: '{config.Name}' is not a known optimiser.",
            $"Use one of: {string.Join(", ", Specs.Select(s => s.Name))}.",
            config.Name);
        double[] betas = ParameterReader.Get<double[]>(config, spec, "betas");
        return new AdamOptimizer(parameters, new AdamOptions(
            betas[0], betas[1], ParameterReader.Get<double>(config, spec, "eps"),
            ParameterReader.Get<double>(config, spec, "weight_decay"), Decoupled: spec == AdamW));
    }

    private static ParameterSpec Decay(double value, string help) => new("weight_decay", ParameterKind.Number, value, Minimum: 0, Help: help);
}
