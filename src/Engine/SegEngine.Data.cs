using MedSeg.Engine.Data;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>Divides a dataset into training, validation and test as a training would.</summary>
    /// <param name="location">Folder from which <c>split_dataset.fname_split</c> is looked for.</param>
    /// <exception cref="SegException">See <see cref="SplitMaker.Make"/>.</exception>
    public static SegSplit MakeSplit(BidsDataset dataset, SegConfig config, string location, ISegObserver observer) =>
        SplitMaker.Make(dataset, config, observer.Warning, location);

    /// <summary>Writes a split as JSON, for <c>split_dataset.fname_split</c>.</summary>
    /// <exception cref="SegException"><c>CannotWrite</c> or <c>DiskFull</c>.</exception>
    public static void SaveSplit(SegSplit split, string path) => SplitMaker.Save(split, path);
}
