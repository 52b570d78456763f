using MedSeg.Engine.Bids;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;

namespace MedSeg.Engine.Tests.Training.Classification;

/// <summary>Phantoms whose cord ends: from some slice on, cord and fluid have the mean of the tissue around them and no label.</summary>
public sealed class SparsePhantom : IDisposable
{
    private const int Subjects = 5, Side = 24, Slices = 12;

    private readonly TemporaryFolder _folder = new();

    public SparsePhantom()
    {
        string data = _folder.File("data");
        Phantom.Create(new PhantomRequest(data, Subjects, ["T2w"], 3, [Side, Side, Slices]), SilentObserver.Instance, default);
        Dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
        for (int i = 0; i < Dataset.Images.Count; i++) Cut(Dataset.Images[i], first: 4 + (i % 4));
    }

    public BidsDataset Dataset { get; }

    public string File(string name) => _folder.File(name);

    internal static SegConfig Config(Action<SegConfig>? change = null) => PhantomRun.Config(config =>
    {
        config.LoaderParameters.TargetSuffix = ["_seg-cord"];
        config.DefaultModel.Name = "resnet18";
        config.TrainingParameters.Loss = new ComponentConfig("BinaryCrossEntropyLoss");
        config.TrainingParameters.BatchSize = 8;
        config.TrainingParameters.TrainingTime.NumEpochs = 6;
        config.TrainingParameters.Scheduler.InitialLr = 0.002;
        config.Transformation = [new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] }];
        change?.Invoke(config);
    });

    internal SegModel Train(string folder, SegConfig config, bool resume = false, Action<RunPosition>? batchDone = null, CancellationToken ct = default) =>
        Trainer.Run(
            new TrainingRequest(Dataset, config, _folder.File(folder), "cpu", 4, resume), SegEngine.Catalog, SilentObserver.Instance,
            new TrainerOptions(1, (position, _) => batchDone?.Invoke(position)), ct);

    public void Dispose() => _folder.Dispose();

    private static void Cut(BidsImage image, int first)
    {
        Volume volume = ImageFile.Read(image.Path);
        Volume[] labels = [.. image.Labels.Values.Order(StringComparer.Ordinal).Select(path => ImageFile.Read(path))];
        int plane = Side * Side;
        for (int slice = first; slice < Slices; slice++)
        {
            int[] inside = [.. Enumerable.Range(slice * plane, plane).Where(i => labels.Any(label => label.Voxels[i] > 0))];
            float mean = Enumerable.Range(slice * plane, plane).Except(inside).Select(i => volume.Voxels[i]).Where(v => v > 0).DefaultIfEmpty(0).Average();
            foreach (int i in inside)
            {
                volume.Voxels[i] = mean + (i % 5) - 2;
                foreach (Volume label in labels) label.Voxels[i] = 0;
            }
        }

        NiftiFile.Write(image.Path, volume, NiftiDataType.Float32);
        foreach (var (path, label) in image.Labels.Values.Order(StringComparer.Ordinal).Zip(labels)) NiftiFile.Write(path, label, NiftiDataType.UInt8);
    }
}
