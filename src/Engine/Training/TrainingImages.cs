using MedSeg.Engine.Data;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Training;

/// <summary>The images that train and the images that validate, in a fixed order.</summary>
internal sealed record TrainingImages(IReadOnlyList<BidsImage> Training, IReadOnlyList<BidsImage> Validation)
{
    public IEnumerable<BidsImage> All => Training.Concat(Validation);

    /// <summary>Chooses by split, contrasts and labels.</summary>
    /// <param name="warn">Told about images of the split that cannot be used.</param>
    public static TrainingImages Of(BidsDataset dataset, SegConfig config, SegSplit split, Action<string> warn) => new(
        ImageSelector.Select(dataset, split, config, DatasetParts.Training, warn),
        ImageSelector.Select(dataset, split, config, DatasetParts.Validation, warn));
}
