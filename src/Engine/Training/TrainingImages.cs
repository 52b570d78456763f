using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Film;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Training;

/// <summary>What trains and what validates, in a fixed order.</summary>
internal sealed record TrainingImages(IReadOnlyList<SampleSource> Training, IReadOnlyList<SampleSource> Validation)
{
    /// <summary>What FiLM modulates by; null for other networks.</summary>
    public FilmPlan? Film { get; init; }

    /// <summary>Every image, channel by channel.</summary>
    public IEnumerable<BidsImage> All => ImagesOf(Training.Concat(Validation));

    /// <summary>Chooses by split, contrasts and labels, and with FiLM by what modulates.</summary>
    /// <param name="warn">Told about images of the split that cannot be used.</param>
    /// <exception cref="SegException"><c>FilmValueMissing</c>.</exception>
    public static TrainingImages Of(BidsDataset dataset, SegConfig config, SegSplit split, Action<string> warn)
    {
        IReadOnlyList<SampleSource> training = SourceSelector.Select(dataset, split, config, DatasetParts.Training, warn);
        IReadOnlyList<SampleSource> validation = SourceSelector.Select(dataset, split, config, DatasetParts.Validation, warn);
        return FilmPlan.Of(dataset, config, training, validation, warn) is { } film
            ? new TrainingImages(film.Training.Sources, film.Validation.Sources) { Film = film }
            : new TrainingImages(training, validation);
    }

    public static IEnumerable<BidsImage> ImagesOf(IEnumerable<SampleSource> sources) => sources.SelectMany(source => source.Channels);
}
