using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Folds;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>Divides a dataset into training, validation and test as a training would.</summary>
    /// <param name="location">Folder from which <c>split_dataset.fname_split</c> is looked for.</param>
    /// <exception cref="SegException">See <see cref="SplitMaker.Make"/>.</exception>
    public static SegSplit MakeSplit(BidsDataset dataset, SegConfig config, string location, ISegObserver observer) =>
        SplitMaker.Make(dataset, config, observer.Warning, location);

    /// <summary>Divides a dataset into folds for cross-validation; each is the test set of one split.</summary>
    /// <exception cref="SegException">See <see cref="FoldMaker.Make"/>.</exception>
    public static IReadOnlyList<SegSplit> MakeFolds(BidsDataset dataset, SegConfig config, int folds, ISegObserver observer) =>
        FoldMaker.Make(dataset, config, folds, observer.Warning);

    /// <summary>Writes a split as JSON, for <c>split_dataset.fname_split</c>.</summary>
    /// <exception cref="SegException"><c>CannotWrite</c> or <c>DiskFull</c>.</exception>
    public static void SaveSplit(SegSplit split, string path) => SplitMaker.Save(split, path);
}
