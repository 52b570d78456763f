using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Networks;

/// <summary>
/// The architectures that <c>default_model.name</c> and the sections with <c>applied</c> can name. Their sizes are typed
/// keys of the configuration, so the specifications carry no parameters of their own.
/// </summary>
public static class NetworkRegistry
{
    private static readonly Dictionary<string, Func<SegConfig, int, int, long, SegNetwork>> Makers = new(StringComparer.Ordinal)
    {
        ["Unet"] = CreateUnet,
    };

    private static readonly string[] Later = ["FiLMedUnet", "HeMISUnet", "Modified3DUNet", "resnet18", "densenet121", "Countception"];

    /// <summary>Every architecture, also those that come later.</summary>
    public static IReadOnlyList<ComponentSpec> Specs { get; } =
        [.. Makers.Keys.Select(name => new ComponentSpec(name, [])), .. Later.Select(name => new ComponentSpec(name, [], Supported: false))];

    /// <summary>Builds the configured network with fresh weights.</summary>
    /// <param name="config">Names the network and its size.</param>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="classes">Classes without background.</param>
    /// <param name="seed">Of the first weights.</param>
    /// <exception cref="SegException"><c>NetworkUnknown</c>, <c>NotSupportedYet</c> or <c>SoftmaxNeedsClasses</c>.</exception>
    public static SegNetwork Create(SegConfig config, int inChannels, int classes, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(config);
        var name = AppliedSection(config) ?? config.DefaultModel.Name;
        if (Makers.TryGetValue(name, out var maker))
            return maker(config, inChannels, classes, seed);
        throw Later.Contains(name)
            ? NotYet($"The architecture '{name}'", "default_model.name")
            : new SegException(
                "NetworkUnknown", SegErrorKind.InvalidArgument, $"default_model.name '{name}' is not a known architecture.",
                $"Use one of: {string.Join(", ", Makers.Keys)}.", "default_model.name");
    }

    private static string? AppliedSection(SegConfig c) =>
        c.Modified3DUnet.Applied ? "Modified3DUNet"
        : c.HemisUnet.Applied ? "HeMISUnet"
        : c.FilmedUnet.Applied ? "FiLMedUnet"
        : c.Resnet18.Applied ? "resnet18"
        : c.Densenet121.Applied ? "densenet121"
        : c.Countception.Applied ? "Countception"
        : null;

    private static Unet CreateUnet(SegConfig config, int inChannels, int classes, long seed)
    {
        var model = config.DefaultModel;
        if (!model.Is2D)
            throw NotYet("A Unet in three dimensions (default_model.is_2d false)", "default_model.is_2d");
        if (!Enum.TryParse<FinalActivation>(model.FinalActivation, ignoreCase: true, out var activation))
        {
            throw new SegException(
                "ActivationUnknown", SegErrorKind.InvalidArgument, $"default_model.final_activation '{model.FinalActivation}' is not known.",
                "Use sigmoid, softmax or relu.", "default_model.final_activation");
        }

        return new Unet(
            new UnetOptions(inChannels, classes, model.Depth, model.NFilters, model.DropoutRate, model.BnMomentum, activation), seed);
    }

    private static SegException NotYet(string what, string key) => new(
        "NotSupportedYet", SegErrorKind.NotSupported, $"{what} is not supported yet.", "Use a two-dimensional Unet.", key);
}
