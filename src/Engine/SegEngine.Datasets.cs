using MedSeg.Engine.Bids;
using MedSeg.Engine.Bids.Checks;
using MedSeg.Engine.Data;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Phantoms;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>Suffixes of images that BIDS knows, for example <c>T2w</c>; datasets may have others.</summary>
    public static IReadOnlyList<string> ImageSuffixes => BidsVocabulary.Suffixes;

    /// <summary>Extensions of images that can be read, with their dots.</summary>
    public static IReadOnlyList<string> ImageExtensions => ImageFile.Extensions;

    /// <summary>Indexes BIDS datasets; nothing is written and no voxel is read.</summary>
    /// <exception cref="SegException">See <see cref="BidsScanner.Scan"/>.</exception>
    public static BidsDataset ImportDataset(DatasetRequest request, ISegObserver observer, CancellationToken ct) =>
        BidsScanner.Scan(request, observer, ct);

    /// <summary>What a configuration asks of its dataset: contrasts, the labels of classes, raters and region, extensions.</summary>
    /// <param name="config">Its <c>path_data</c> is not looked at.</param>
    /// <param name="roots">Full paths of the dataset's roots.</param>
    /// <param name="location">Full path of the folder from which a relative <c>bids_config</c> is meant.</param>
    public static DatasetRequest DatasetRequestOf(SegConfig config, IReadOnlyList<string> roots, string location) =>
        ConfigRequest.Of(config, roots, location);

    /// <summary>Checks BIDS datasets; findings come as they are made, in an order that depends on the datasets alone. Nothing is written.</summary>
    /// <remarks>A root that is not a folder is one error of the observer, <c>DatasetNotFound</c>.</remarks>
    public static IEnumerable<BidsFinding> TestDataset(DatasetCheckRequest request, ISegObserver observer, CancellationToken ct) =>
        DatasetChecker.Run(request, observer, ct);

    /// <summary>A dataset as a table with one row per image and per label file.</summary>
    /// <param name="dataset">As imported.</param>
    /// <param name="labelledOnly">Leave out images without a label, as training does.</param>
    /// <param name="labels">List the label files too.</param>
    public static BidsTable TabulateDataset(BidsDataset dataset, bool labelledOnly, bool labels = true) =>
        DatasetTable.Of(dataset, labelledOnly, labels);

    /// <summary>Writes a dataset of made-up images with labels.</summary>
    /// <exception cref="SegException"><c>FolderNotEmpty</c>, <c>PhantomArgument</c>, <c>CannotWrite</c> or <c>DiskFull</c>.</exception>
    public static void CreatePhantom(PhantomRequest request, ISegObserver observer, CancellationToken ct) =>
        Phantom.Create(request, observer, ct);
}
