namespace MedSeg.Engine.Bids;

/// <summary>What a configuration asks of a dataset.</summary>
internal static class ConfigRequest
{
    /// <summary>
    /// The contrasts of all parts (all contrasts where one part takes all), the labels of every class and rater and of the region of
    /// interest, and the extensions.
    /// </summary>
    /// <param name="location">From where a relative <c>bids_config</c> is meant; null takes it from the first root.</param>
    public static DatasetRequest Of(SegConfig config, IReadOnlyList<string> roots, string? location)
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
            Validate = loader.BidsValidate,
            BidsConfig = loader.BidsConfig is { Length: > 0 } file ? Path.GetFullPath(file, location ?? roots[0]) : null,
        };
    }
}
