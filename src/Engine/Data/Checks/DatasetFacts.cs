using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Checks;

/// <summary>The images of a dataset that a configuration asks for.</summary>
internal sealed class DatasetFacts
{
    /// <exception cref="SegException"><c>NoChannelContrasts</c>; a configuration without contradictions has none.</exception>
    public DatasetFacts(SegConfig config, BidsDataset dataset)
    {
        (Config, Dataset) = (config, dataset);
        Training = ImageSelector.OfContrasts(dataset, config, DatasetParts.Training);
        Testing = ImageSelector.OfContrasts(dataset, config, DatasetParts.Testing);
        All = [.. Training.Union(Testing)];
        Labelled = [.. Training.Where(image => ImageSelector.HasLabel(image, config))];
        Columns = new DatasetColumns(dataset);
    }

    public SegConfig Config { get; }

    public BidsDataset Dataset { get; }

    /// <summary>Images of the contrasts and formats of training and validation.</summary>
    public IReadOnlyList<BidsImage> Training { get; }

    /// <summary>Images of the contrasts and formats of testing.</summary>
    public IReadOnlyList<BidsImage> Testing { get; }

    public IReadOnlyList<BidsImage> All { get; }

    /// <summary>Images that training can use: those with a label of any class.</summary>
    public IReadOnlyList<BidsImage> Labelled { get; }

    public DatasetColumns Columns { get; }

    /// <summary>Some words, or what to say where there are none.</summary>
    public static string Words(IEnumerable<string> words, string none = "none") => string.Join(", ", words) is { Length: > 0 } text ? text : none;
}
