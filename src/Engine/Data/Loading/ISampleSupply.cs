using MedSeg.Engine.Data.Samples;

namespace MedSeg.Engine.Data.Loading;

/// <summary>Where the samples of a <see cref="SampleDataset"/> come from. Must be safe to use from several threads.</summary>
internal interface ISampleSupply
{
    /// <summary>How what is kept becomes what the network sees.</summary>
    SampleRecipe Recipe { get; }

    /// <summary>The samples of a source; none when it cannot be used.</summary>
    SampleEntry[] Make(int source, CancellationToken ct);

    /// <summary>Told after each source how many are done.</summary>
    void Report(int done);

    /// <summary>Asked once, when all sources are done, what is wrong with their samples together; null when nothing is.</summary>
    SegException? Conclude(SampleEntry[][] samples);

    /// <summary>Told when the dataset is not used any more.</summary>
    void Close();
}
