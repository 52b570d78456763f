using System.Diagnostics;
using System.Globalization;
using MedSeg.Benchmarks.Ratios;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Transforms;

namespace MedSeg.Benchmarks.TransformTable;

/// <summary>
/// Slices with their labels per second that the batch loader makes with the chain of the reference's generic example: Resample to
/// 0.75 mm and CenterCrop 128² when images are loaded; RandomAffine, ElasticTransform and NormalizeInstance at each access.
/// </summary>
internal static class ChainRate
{
    private const int Subjects = 4, Slices = 16, BatchSize = 32, Epochs = 12;

    /// <summary>One line for people to read.</summary>
    public static string Measure()
    {
        var folder = SampleVolume.TemporaryFolder();
        try
        {
            Phantom.Create(new PhantomRequest(folder, Subjects, ["T2w"], 1, [131, 141, Slices]), SilentObserver.Instance, default);
            var images = BidsScanner.Scan(new DatasetRequest([folder], [], [], []), SilentObserver.Instance, default).Images;
            var config = Config();
            var loading = Stopwatch.StartNew();
            using var samples = SampleDataset.Load(
                [.. images.Select(SampleSource.Of)], config, DatasetParts.Training, SilentObserver.Instance, default);
            var loaded = loading.Elapsed.TotalSeconds;
            var (one, two) = (Rate(samples, 0), Rate(samples, 2));
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Generic example: {one:F0} slices with labels a second on one thread, {two:F0} with two workers; "
                + $"reading {samples.Count} slices took {loaded:F2} s.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Rate(SampleDataset samples, int workers)
    {
        using var loader = new BatchLoader(samples, BatchSize, shuffle: true, seed: 1, workers: workers);
        var rates = new List<double>();
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            var watch = Stopwatch.StartNew();
            var count = 0;
            foreach (var batch in loader.Epoch(epoch))
            {
                count += batch.Count;
                batch.Release();
            }

            rates.Add(count / watch.Elapsed.TotalSeconds);
        }

        return Interleaved.Median(rates.Skip(2));
    }

    private static object?[] Pair(double first, double second) => [first, second];

    private static SegConfig Config()
    {
        var config = new SegConfig();
        config.LoaderParameters.TargetSuffix = ["_seg-cord"];
        config.Transformation =
        [
            new TransformConfig("Resample", new Dictionary<string, object?> { ["hspace"] = 0.75, ["wspace"] = 0.75, ["dspace"] = 1.0 }),
            new TransformConfig("CenterCrop", new Dictionary<string, object?> { ["size"] = new object?[] { 128L, 128L } }),
            new TransformConfig(
                "RandomAffine",
                new Dictionary<string, object?> { ["degrees"] = 5.0, ["scale"] = Pair(0.1, 0.1), ["translate"] = Pair(0.03, 0.03) }),
            new TransformConfig(
                "ElasticTransform",
                new Dictionary<string, object?> { ["alpha_range"] = Pair(28, 30), ["sigma_range"] = Pair(3.5, 4.5), ["p"] = 0.1 }),
            new TransformConfig("NormalizeInstance") { AppliedTo = ["im"] },
        ];
        return config;
    }
}
