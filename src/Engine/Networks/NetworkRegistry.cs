using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Networks;

/// <summary>What the data decide about a network.</summary>
/// <param name="InChannels">Channels of the input.</param>
/// <param name="Classes">Classes without background.</param>
/// <param name="Metadata">Categories that FiLM modulates by; 0 without FiLM.</param>
public sealed record NetworkShape(int InChannels, int Classes, int Metadata = 0);

/// <summary>
/// The architectures that <c>default_model.name</c> and the sections with <c>applied</c> can name. Their sizes are typed
/// keys of the configuration, so the specifications carry no parameters of their own.
/// </summary>
public static class NetworkRegistry
{
    private static readonly Dictionary<string, Func<SegConfig, NetworkShape, long, SegNetwork>> Makers = new(StringComparer.Ordinal)
    {
        ["Unet"] = CreateUnet,
        ["FiLMedUnet"] = CreateUnet,
        ["HeMISUnet"] = CreateHemisUnet,
        ["Modified3DUNet"] = CreateModified3DUnet,
        ["resnet18"] = (_, shape, seed) => new ResNet(18, shape.InChannels, shape.Classes, seed),
        ["resnet34"] = (_, shape, seed) => new ResNet(34, shape.InChannels, shape.Classes, seed),
        ["resnet50"] = (_, shape, seed) => new ResNet(50, shape.InChannels, shape.Classes, seed),
        ["densenet121"] = (config, shape, seed) => new DenseNet(shape.InChannels, shape.Classes, config.DefaultModel.DropoutRate, seed),
        ["Countception"] = (_, shape, seed) => new Countception(shape.InChannels, shape.Classes, seed),
    };

    /// <summary>Names of the reference's first version.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal) { ["UNet3D"] = "Modified3DUNet" };

    /// <summary>These take slices only.</summary>
    private static readonly string[] Flat = ["resnet18", "resnet34", "resnet50", "densenet121", "Countception"];

    /// <summary>Every architecture.</summary>
    public static IReadOnlyList<ComponentSpec> Specs { get; } = [.. Makers.Keys.Select(name => new ComponentSpec(name, []))];

    /// <summary>Builds the configured network with fresh weights, when it takes the dimensions of the samples.</summary>
    /// <param name="config">Names the network and its size.</param>
    /// <param name="shape">What the data decide.</param>
    /// <param name="seed">Of the first weights.</param>
    /// <exception cref="SegException"><c>NetworkIs2D</c>, or an error of <see cref="Build"/>.</exception>
    public static SegNetwork Create(SegConfig config, NetworkShape shape, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(config);
        var name = NameIn(config);
        if (!config.DefaultModel.Is2D && Flat.Contains(name))
        {
            throw new SegException(
                "NetworkIs2D", SegErrorKind.InvalidArgument, $"{name} takes slices, and default_model.is_2d is false.",
                "Set default_model.is_2d to true, or use Modified3DUNet or a Unet for volumes.", "default_model.is_2d");
        }

        return Build(config, shape, seed);
    }

    /// <summary>Builds the configured network with fresh weights, whatever it takes.</summary>
    /// <exception cref="SegException">
    /// <c>NetworkUnknown</c>, <c>ActivationUnknown</c>, or an error of the network.
    /// </exception>
    public static SegNetwork Build(SegConfig config, NetworkShape shape, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(shape);
        var name = NameIn(config);
        if (Makers.TryGetValue(name, out var maker))
            return maker(config, shape, seed);
        throw new SegException(
            "NetworkUnknown", SegErrorKind.InvalidArgument, $"default_model.name '{name}' is not a known architecture.",
            $"Use one of: {string.Join(", ", Makers.Keys)}.", "default_model.name");
    }

    private static string NameIn(SegConfig config)
    {
        var name = AppliedSection(config) ?? config.DefaultModel.Name;
        return Aliases.GetValueOrDefault(name, name);
    }


    private static string? AppliedSection(SegConfig c) =>
        c.Modified3DUnet.Applied ? "Modified3DUNet"
        : c.HemisUnet.Applied ? "HeMISUnet"
        : c.FilmedUnet.Applied ? "FiLMedUnet"
        : c.Resnet18.Applied ? "resnet18"
        : c.Densenet121.Applied ? "densenet121"
        : c.Countception.Applied ? "Countception"
        : null;

    private static Unet CreateUnet(SegConfig config, NetworkShape shape, long seed) => new(UnetOptionsOf(config.DefaultModel, shape) with { Film = FilmOf(config, shape) }, seed);

    private static UnetOptions UnetOptionsOf(DefaultModelConfig model, NetworkShape shape) => new(
        shape.InChannels, shape.Classes, model.Depth, model.NFilters, model.DropoutRate, model.BnMomentum, ActivationOf(model), model.Is2D ? 2 : 3);

    /// <summary>One encoder per channel, named after its contrast: the order is that of the channels, whatever the section's.</summary>
    private static HemisUnet CreateHemisUnet(SegConfig config, NetworkShape shape, long seed)
    {
        string[] channels = [.. config.LoaderParameters.ContrastParams.TrainingValidation.Distinct(StringComparer.Ordinal)];
        return new HemisUnet(channels.Length > 0 ? channels : config.HemisUnet.Contrasts, UnetOptionsOf(config.DefaultModel, shape), seed);
    }

    private static Modified3DUnet CreateModified3DUnet(SegConfig config, NetworkShape shape, long seed)
    {
        var model = config.DefaultModel;
        return new Modified3DUnet(
            new Modified3DUnetOptions(
                shape.InChannels, shape.Classes, config.Modified3DUnet.NFilters, config.Modified3DUnet.Attention, model.DropoutRate,
                ActivationOf(model), FilmOf(config, shape, Modified3DUnet.FilmLayers)),
            seed);
    }

    /// <summary>No flag that is on means no layer; flags that a network has no layer for are ignored where the check of configurations allows them.</summary>
    private static FilmOptions? FilmOf(SegConfig config, NetworkShape shape, int most = int.MaxValue) =>
        config.FilmedUnet is { Applied: true } film && film.FilmLayers.Any(flag => flag != 0)
            ? new FilmOptions(shape.Metadata, [.. film.FilmLayers.Take(most).Select(flag => flag != 0)])
            : null;

    private static FinalActivation ActivationOf(DefaultModelConfig model) =>
        Enum.TryParse<FinalActivation>(model.FinalActivation, ignoreCase: true, out var activation)
            ? activation
            : throw new SegException(
                "ActivationUnknown", SegErrorKind.InvalidArgument, $"default_model.final_activation '{model.FinalActivation}' is not known.",
                "Use sigmoid, softmax or relu.", "default_model.final_activation");
}
