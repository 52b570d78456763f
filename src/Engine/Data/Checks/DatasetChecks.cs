namespace MedSeg.Engine.Data.Checks;

/// <summary>What a configuration and a dataset say together. Nothing but names, tables and image headers is read.</summary>
internal static class DatasetChecks
{
    /// <summary>Findings, those about memory included.</summary>
    /// <param name="config">Without errors of its own.</param>
    /// <param name="dataset">Null gives only what the configuration itself says about memory.</param>
    /// <param name="location">Full path of the folder from which relative paths of the configuration are meant.</param>
    public static IReadOnlyList<SegFinding> Of(
        SegConfig config, BidsDataset? dataset, string location, ISegObserver observer, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(observer);
        if (dataset is null)
            return [.. MemoryChecks.Of(config, [])];
        var facts = new DatasetFacts(config, dataset);
        var images = facts.Labelled.Count > 0 ? ImagesOfTraining(facts) : facts.Training;
        var (geometry, samples) = GeometryChecks.Of(config, images, observer, ct);
        return [.. ContentChecks.Of(facts), .. ColumnChecks.Of(facts, location), .. geometry, .. MemoryChecks.Of(config, samples)];
    }

    /// <summary>With several channels an image counts that has no label of its own.</summary>
    private static IReadOnlyList<BidsImage> ImagesOfTraining(DatasetFacts facts) => facts.Config.LoaderParameters.Multichannel
        ? [.. ChannelGroups.Of(facts.Training, facts.Config).SelectMany(source => source.Channels)]
        : facts.Labelled;
}
