using System.Collections;
using System.Globalization;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Losses;

/// <summary>The plain sum of other losses, each with its own parameters.</summary>
internal sealed class LossCombination(IReadOnlyList<ISegLoss> losses) : IClassWeighted
{
    public const string TypeName = "LossCombination";

    private const string Names = "losses_list", Parameters = "params_list";

    public string Name => TypeName;

    /// <param name="parts">The losses that can be combined.</param>
    public static ComponentSpec SpecFor(IEnumerable<ComponentSpec> parts) => new(
        TypeName,
        [
            new(
                Names, ParameterKind.TextList, Required: true, MinimumCount: 1, Choices: [.. parts.Select(p => p.Name)],
                Help: "The losses that are added, without weights."),
            new(
                Parameters, ParameterKind.Any, ParametersOf: Names,
                Help: "For each of them an object of its parameters, or null for its defaults; null gives all their defaults."),
        ]);

    /// <param name="create">Builds one of the losses.</param>
    /// <exception cref="SegException"><c>LossParameters</c> and what <paramref name="create"/> throws.</exception>
    public static LossCombination Create(ComponentConfig config, ComponentSpec spec, Func<ComponentConfig, ISegLoss> create)
    {
        string[] names = ParameterReader.Get<string[]>(config, spec, Names);
        object? given = ParameterReader.Get<object?>(config, spec, Parameters);
        IList parameters = given switch
        {
            null => new object?[names.Length],
            IList list when list.Count == names.Length => list,
            _ => throw Wrong($"{Parameters} must have one element for each of the {names.Length} losses of {Names}, or be null."),
        };
        return new([.. names.Select((name, i) => create(new ComponentConfig(name, Object(parameters[i], i))))]);
    }

    public ISegLoss With(ClassWeights classes) => new LossCombination([.. losses.Select(loss => LossRegistry.Weighted(loss, classes))]);

    public Tensor Forward(Tensor prediction, Tensor target)
    {
        using var scope = NewDisposeScope();
        return losses.Select(loss => loss.Forward(prediction, target)).Aggregate((sum, next) => sum.Plus(next)).MoveToOuterDisposeScope();
    }

    private static Dictionary<string, object?>? Object(object? value, int index) => value switch
    {
        null => null,
        IDictionary map => map.Keys.Cast<object>().ToDictionary(key => Convert.ToString(key, CultureInfo.InvariantCulture)!, key => map[key]),
        _ => throw Wrong(string.Create(CultureInfo.InvariantCulture, $"{Parameters}[{index}] must be an object of parameters or null.")),
    };

    private static SegException Wrong(string message) => new(
        "LossParameters", SegErrorKind.InvalidArgument, $"{TypeName}: {message}",
        "Give each loss an object such as {\"gamma\": 1}, or null for its defaults.", "training_parameters.loss." + Parameters);
}
