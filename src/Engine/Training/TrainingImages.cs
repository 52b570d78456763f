using MedSeg.Engine.Data;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Training;

/// <summary>What trains and what validates, in a fixed order.</summary>
internal sealed record TrainingImages(IReadOnlyList<SampleSource> Training, IReadOnlyList<SampleSource> Validation)
{
    /// <summary>Every image, channel by channel.</summary>
    public IEnumerable<BidsImage> All => ImagesOf(Training.Concat(Validation));

    /// <summary>Chooses by split, contrasts and labels.</summary>
    /// <param name="warn">Told about images of the split that cannot be used.</param>
    public static TrainingImages Of(BidsDataset dataset, SegConfig config, SegSplit split, Action<string> warn) => new(
        SourceSelector.Select(dataset, split, config, DatasetParts.Training, warn),
        SourceSelector.Select(dataset, split, config, DatasetParts.Validation, warn));

    public static IEnumerable<BidsImage> ImagesOf(IEnumerable<SampleSource> sources) => sources.SelectMany(source => source.Channels);
}
