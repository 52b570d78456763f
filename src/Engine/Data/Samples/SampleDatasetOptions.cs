using MedSeg.Engine.Data.Caching;
using MedSeg.Engine.Data.Filters;

namespace MedSeg.Engine.Data.Samples;

/// <summary>What a <see cref="SampleDataset"/> may be given besides its images and configuration.</summary>
public sealed record SampleDatasetOptions
{
    /// <summary>Where prepared samples are kept; it stays the caller's and must outlive the dataset. Null keeps them in memory.</summary>
    public SampleStore? Store { get; init; }

    /// <summary>The classifier of <c>filter_classification</c>.</summary>
    public ISliceClassifier? Classifier { get; init; }

    /// <summary>The numbers that FiLM modulates the samples of each source by, in the order of the sources; null without FiLM.</summary>
    public IReadOnlyList<float[]>? Metadata { get; init; }

    /// <summary>
    /// Images are read in an order drawn from this seed, so that a training may begin with the first ones; null reads them in
    /// their own order.
    /// </summary>
    public long? OrderSeed { get; init; }

    /// <summary>Reading begins when this has ended.</summary>
    public Task? After { get; init; }
}
