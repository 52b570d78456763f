namespace MedSeg.Engine.Configuration;

/// <summary>Keys that are read and kept but whose feature is not there yet, each with the test of whether a configuration uses it.</summary>
internal static class LaterFeatures
{
    /// <summary>One key of a feature to come.</summary>
    /// <param name="Key">Key path.</param>
    /// <param name="Used">The value when the configuration uses the feature, else null.</param>
    /// <param name="Advice">What to do instead.</param>
    public sealed record Feature(string Key, Func<SegConfig, object?> Used, string Advice);

    /// <summary>All of them; the documentation marks these keys.</summary>
    public static IReadOnlyList<Feature> Table { get; } =
    [
        new("split_path", c => c.SplitPath, "Remove it; split_dataset.fname_split gives a saved split."),
        new(
            "wandb.wandb_api_key",
            c => c.Wandb?.WandbApiKey is { Length: > 0 } ? "a key" : null,
            "Leave it empty: Weights and Biases needs a service on the network, which a training does not talk to. history.jsonl and TensorBoard files hold the same figures."),
        new("object_detection_params.object_detection_path", c => c.ObjectDetectionParams.ObjectDetectionPath, "Set it to null."),
        new("uncertainty.epistemic", c => When(c.Uncertainty is { Epistemic: true, NIt: > 0 }), "Set it to false, or n_it to 0."),
        new("uncertainty.aleatoric", c => When(c.Uncertainty is { Aleatoric: true, NIt: > 0 }), "Set it to false, or n_it to 0."),
        new(
            "evaluation_parameters.target_size",
            c => c.EvaluationParameters.TargetSize is null ? null : "a list of size bins",
            "Remove it."),
        new("evaluation_parameters.overlap", c => c.EvaluationParameters.Overlap is null ? null : "an overlap", "Remove it."),
    ];

    /// <summary>Sections that say nothing while a feature of <see cref="Table"/> is off.</summary>
    private static readonly string[] Sections =
    [
        "wandb", "object_detection_params",
        "uncertainty", "evaluation_parameters",
    ];

    /// <summary>Whether a key belongs to a feature that is not there yet.</summary>
    public static bool IsLater(string path) =>
        Table.Any(f => f.Key == path)
        || Sections.Any(s => path == s || path.StartsWith(s + ".", StringComparison.Ordinal));

    /// <summary>What a configuration uses of them, components included.</summary>
    public static IEnumerable<(string Key, string Found, string Advice)> UsedBy(SegConfig config, ComponentCatalog catalog)
    {
        foreach (Feature feature in Table)
        {
            if (feature.Used(config) is { } value)
            {
                yield return (feature.Key, Found(value), feature.Advice);
            }
        }

        IEnumerable<(string Path, string Name, IReadOnlyList<ComponentSpec> Specs)> named =
        [
            ("default_model.name", config.DefaultModel.Name, catalog.Networks),
            ("training_parameters.loss.name", config.TrainingParameters.Loss.Name, catalog.Losses),
            ("training_parameters.scheduler.lr_scheduler.name", config.TrainingParameters.Scheduler.LrScheduler.Name, catalog.Schedulers),
            .. config.Transformation.Select(t => ($"transformation.{t.Name}", t.Name, catalog.Transforms)),
            .. config.Postprocessing.Where(IsOn).Select(s => ($"postprocessing.{s.Name}", s.Name, catalog.PostprocessingSteps)),
        ];
        foreach ((string path, string name, IReadOnlyList<ComponentSpec> specs) in named)
        {
            if (specs.FirstOrDefault(s => s.Name == name) is { Supported: false })
            {
                yield return (path, $"'{name}'", $"Supported: {Describe.OneOf(specs.Where(s => s.Supported).Select(s => s.Name))}.");
            }
        }
    }

    /// <summary>Steps whose threshold is negative are switched off.</summary>
    private static bool IsOn(ComponentConfig step) =>
        !(step.Parameters.GetValueOrDefault("thr") is long or int or double
            && System.Convert.ToDouble(step.Parameters["thr"], System.Globalization.CultureInfo.InvariantCulture) < 0);

    /// <summary>Texts with a space are descriptions already.</summary>
    private static string Found(object value) => value is string text
        ? text.Contains(' ', StringComparison.Ordinal) ? text : $"'{text}'"
        : Describe.Value(value).Replace("number ", "", StringComparison.Ordinal);

    private static bool? When(bool used) => used ? true : null;
}
