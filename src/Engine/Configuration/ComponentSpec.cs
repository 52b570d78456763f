namespace MedSeg.Engine.Configuration;

/// <summary>The kind of value a component's parameter takes.</summary>
public enum ParameterKind
{
    Number,
    Integer,
    Boolean,
    Text,
    NumberList,
    IntegerList,
    TextList,

    /// <summary>A number or a list of numbers.</summary>
    NumberOrList,

    /// <summary>Anything; the component checks it itself.</summary>
    Any,
}

/// <summary>One parameter of a loss, scheduler, transform or step.</summary>
/// <param name="Name">Key in configuration files.</param>
/// <param name="Kind">Kind of value.</param>
/// <param name="Default">Value when the key is absent; null with <paramref name="Required"/> false means "not set".</param>
/// <param name="Minimum">Smallest number allowed, also for each list element.</param>
/// <param name="Maximum">Largest number allowed, also for each list element.</param>
/// <param name="Required">The key must be given.</param>
/// <param name="Help">One sentence for documentation.</param>
/// <param name="MinimumCount">Fewest elements of a list.</param>
/// <param name="MaximumCount">Most elements of a list.</param>
/// <param name="Choices">Allowed words of a text, or of each text of a list; null allows every text.</param>
/// <param name="ParametersOf">
/// The name of the list of components whose parameters this is: a list of objects or nulls, one for each of them. For
/// <see cref="ParameterKind.Any"/> only.
/// </param>
public sealed record ParameterSpec(
    string Name,
    ParameterKind Kind,
    object? Default = null,
    double Minimum = double.NegativeInfinity,
    double Maximum = double.PositiveInfinity,
    bool Required = false,
    string Help = "",
    int MinimumCount = 0,
    int MaximumCount = int.MaxValue,
    IReadOnlyList<string>? Choices = null,
    string? ParametersOf = null);

/// <summary>A component that a configuration can name.</summary>
/// <param name="Name">Its name in configuration files.</param>
/// <param name="Parameters">What it takes.</param>
/// <param name="Supported">False for components that are known but not built yet: they parse, and using them is an error.</param>
public sealed record ComponentSpec(string Name, IReadOnlyList<ParameterSpec> Parameters, bool Supported = true);

/// <summary>Everything a configuration can name, collected from the rooms' registries and handed down for validation.</summary>
public sealed record ComponentCatalog(
    IReadOnlyList<ComponentSpec> Losses,
    IReadOnlyList<ComponentSpec> Schedulers,
    IReadOnlyList<ComponentSpec> Optimizers,
    IReadOnlyList<ComponentSpec> Transforms,
    IReadOnlyList<ComponentSpec> Networks,
    IReadOnlyList<ComponentSpec> PostprocessingSteps);
