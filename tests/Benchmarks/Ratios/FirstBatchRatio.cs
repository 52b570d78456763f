using System.Diagnostics;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Transforms;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// Seconds from asking for a training set of 200 volumes to its first shuffled batch, over the 2 s that are allowed. Reading goes on
/// meanwhile: what is left of it after the first batch overlaps with training.
/// </summary>
public sealed class FirstBatchRatio : IRatioBenchmark
{
    private const int Volumes = 200, Subjects = 10, Rounds = 3;
    private const double AllowedMilliseconds = 2000;
    private static readonly int[] Size = [131, 141, 16];

    public string Name => "first-batch";

    public RatioResult Run()
    {
        string folder = SampleVolume.TemporaryFolder();
        try
        {
            string data = Path.Combine(folder, "data");
            Phantom.Create(new PhantomRequest(data, Subjects, ["T2w"], 1, Size), SilentObserver.Instance, default);
            BidsDataset dataset = BidsScanner.Scan(new DatasetRequest([data], [], [], []), SilentObserver.Instance, default);
            SampleSource[] sources = [.. Enumerable.Range(0, Volumes).Select(i => SampleSource.Of(dataset.Images[i % dataset.Images.Count]))];
            (double First, double Whole, int Samples)[] rounds = [.. Enumerable.Range(0, Rounds).Select(_ => Measure(sources))];
            double[] first = [.. rounds.Select(r => r.First).Order()], whole = [.. rounds.Select(r => r.Whole).Order()];
            return new(Name, first[Rounds / 2] / AllowedMilliseconds, 1, new Dictionary<string, double>
            {
                ["first_batch_ms"] = first[Rounds / 2], ["slowest_first_batch_ms"] = first[^1], ["all_images_ms"] = whole[Rounds / 2],
                ["volumes"] = Volumes, ["samples"] = rounds[0].Samples, ["rounds"] = Rounds,
            }, $"medians; first batch of 8 slices / 2 s, {Volumes} volumes of 131×141×16 with one label, resampled to 0.75 mm and cropped to 128×128 ({Subjects} phantoms on disk, each listed {Volumes / Subjects} times)");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (double First, double Whole, int Samples) Measure(SampleSource[] sources)
    {
        var clock = Stopwatch.StartNew();
        using var dataset = SampleDataset.Start(sources, Config(), DatasetParts.Training, SilentObserver.Instance, default, new() { OrderSeed = 1 });
        using var loader = new BatchLoader(dataset, 8, shuffle: true, seed: 1);
        using var batches = loader.Epoch(1).GetEnumerator();
        if (!batches.MoveNext())
            throw new InvalidOperationException("There is no batch.");
        double first = clock.Elapsed.TotalMilliseconds;
        dataset.WaitAll(default);
        return (first, clock.Elapsed.TotalMilliseconds, dataset.Count);
    }

    private static SegConfig Config()
    {
        var config = new SegConfig();
        config.LoaderParameters.TargetSuffix = ["_seg-cord"];
        config.Transformation =
        [
            new TransformConfig("Resample", new Dictionary<string, object?> { ["hspace"] = 0.75, ["wspace"] = 0.75 }),
            new TransformConfig("CenterCrop", new Dictionary<string, object?> { ["size"] = new object?[] { 128L, 128L } }),
            new TransformConfig("RandomAffine", new Dictionary<string, object?> { ["degrees"] = 10.0, ["scale"] = new object?[] { 0.1, 0.1 } }),
            new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] },
        ];
        return config;
    }
}
