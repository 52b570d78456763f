namespace MedSeg.Engine.Bids;

/// <summary>What a configuration asks of a dataset.</summary>
internal static class ConfigRequest
{
    /// <summary>
    /// The contrasts of all parts (all contrasts where one part takes all), the labels of every class and rater and of the region of
    /// interest, and the extensions.
    /// </summary>
    /// <param name="location">From where a relative <c>bids_config</c> is meant.</param>
    public static DatasetRequest Of(SegConfig config, IReadOnlyList<string> roots, string location) => FilesOf(config, roots) with
    {
        Validate = config.LoaderParameters.BidsValidate,
        BidsConfig = config.LoaderParameters.BidsConfig is { Length: > 0 } file ? Path.GetFullPath(file, location) : null,
    };

    /// <summary>The dataset of a model's training, read as it was then: its patterns need not be those of the configuration.</summary>
    public static DatasetRequest Of(SegModel model) => FilesOf(model.Config, model.DatasetRoots) with
    {
        Validate = model.DatasetValidated,
        BidsConfig = model.DatasetBidsConfig,
    };

    private static DatasetRequest FilesOf(SegConfig config, IReadOnlyList<string> roots)
    {
        var loader = config.LoaderParameters;
        var contrasts = loader.ContrastParams;
        string[] wanted = contrasts.TrainingValidation.Length > 0 && contrasts.Testing.Length > 0
            ? [.. contrasts.TrainingValidation.Union(contrasts.Testing)]
            : [];
        string[] targets = [.. loader.TargetSuffix.Union(loader.TargetSuffixRaters.SelectMany(raters => raters))];
        return new DatasetRequest(roots, wanted, targets, loader.Extensions)
        {
            RoiSuffix = loader.RoiParams.Suffix is { Length: > 0 } roi ? roi : null,
        };
    }
}
