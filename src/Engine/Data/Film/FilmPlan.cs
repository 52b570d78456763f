namespace MedSeg.Engine.Data.Film;

/// <summary>What FiLM needs for a training.</summary>
/// <param name="Film">Learnt from the training images.</param>
/// <param name="Training">The training sources whose values are known.</param>
/// <param name="Validation">The validation sources whose values are known.</param>
internal sealed record FilmPlan(SegFilm Film, FilmSources Training, FilmSources Validation)
{
    /// <summary>Null where nothing is modulated.</summary>
    /// <param name="warn">Told about images that are left out, categories that only validation has, and metadata that say nothing.</param>
    /// <exception cref="SegException"><c>FilmValueMissing</c>: no training image has a value.</exception>
    public static FilmPlan? Of(
        BidsDataset dataset, SegConfig config, IReadOnlyList<SampleSource> training, IReadOnlyList<SampleSource> validation, Action<string> warn)
    {
        if (!IsUsed(config))
            return null;
        var metadata = config.FilmedUnet.Metadata;
        var reader = new FilmReader(metadata, new DatasetColumns(dataset));
        var (trained, values) = WithValues(training, reader, warn);
        if (trained.Count == 0 && training.Count > 0)
            throw NoValue(metadata, training.Count);
        var film = FilmEncoder.Learn(metadata, values);
        if (film.Parts.All(part => part.Categories.Count < 2))
            warn($"FiLMedUnet.metadata '{metadata}' is the same for all training images ({film}): it can have no influence.");
        var (validated, others) = WithValues(validation, reader, warn);
        return new FilmPlan(film, new(trained, Rows(film, values, trained, warn)), new(validated, Rows(film, others, validated, warn)));
    }

    /// <summary>A network is modulated.</summary>
    public static bool IsUsed(SegConfig config) => config.FilmedUnet.Applied && config.FilmedUnet.FilmLayers.Any(flag => flag != 0);

    private static (List<SampleSource> Sources, List<FilmValue[]> Values) WithValues(
        IReadOnlyList<SampleSource> sources, FilmReader reader, Action<string> warn)
    {
        var (kept, values) = (new List<SampleSource>(), new List<FilmValue[]>());
        foreach (var source in sources)
        {
            if (reader.Read(source.Reference, out var missing) is not { } found)
            {
                warn($"{source} has no usable {string.Join(", ", missing)} for FiLM and is left out.");
                continue;
            }

            kept.Add(source);
            values.Add(found);
        }

        return (kept, values);
    }

    private static List<float[]> Rows(SegFilm film, List<FilmValue[]> values, List<SampleSource> sources, Action<string> warn) =>
        [.. values.Select((value, i) => FilmEncoder.Encode(film, value, (part, unknown) => warn(
            $"{sources[i]} has {part.Name} '{unknown.Text}', which no training image has; it is validated without.")))];

    private static SegException NoValue(string metadata, int images) => new(
        "FilmValueMissing", SegErrorKind.InvalidArgument,
        $"None of {images} training image(s) has a usable {string.Join(", ", FilmReader.NamesOf(metadata))}, by which FiLMedUnet.metadata '{metadata}' modulates.",
        "Name contrasts, mri_params (FlipAngle, RepetitionTime, EchoTime and Manufacturer in the JSON sidecars) or a column that the dataset has.",
        "FiLMedUnet.metadata");
}

/// <summary>Sources and the numbers of each.</summary>
internal sealed record FilmSources(IReadOnlyList<SampleSource> Sources, IReadOnlyList<float[]> Rows);
