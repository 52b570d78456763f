using System.Diagnostics;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Bids.Checks;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// Test-BidsDataset on 100,000 files against importing them: the import is part of it, and opening every header again should cost no
/// more than the first time. The figures also have a deep check and the most memory that the process took.
/// </summary>
public sealed class CheckRatio : IRatioBenchmark
{
    private const int Subjects = 10_000;

    public string Name => "check";

    public RatioResult Run()
    {
        var folder = SampleVolume.TemporaryFolder();
        try
        {
            ManySmallFiles.Create(folder, Subjects);
            var request = new DatasetRequest([folder], [], [], []);
            var import = Seconds(
                () => BidsScanner.Scan(request, SilentObserver.Instance, CancellationToken.None).Images.Count,
                Subjects * ManySmallFiles.Contrasts.Count);
            var check = Seconds(() => Findings(folder, deep: false), 0);
            var deep = Seconds(() => Findings(folder, deep: true), 0);
            using var process = Process.GetCurrentProcess();
            return new(Name, check / import, 4, new Dictionary<string, double>
            {
                ["files"] = Subjects * ManySmallFiles.FilesPerSubject, ["import_s"] = import, ["check_s"] = check, ["deep_s"] = deep,
                ["files_per_second"] = Subjects * ManySmallFiles.FilesPerSubject / check, ["peak_mb"] = process.PeakWorkingSet64 / 1e6,
            }, "one run each; check of 100,000 files by names and headers / import");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Number of findings that matter.</summary>
    private static int Findings(string folder, bool deep) => DatasetChecker.Run(
        new DatasetCheckRequest([folder], [], deep, FindingSeverity.Warning), SilentObserver.Instance, CancellationToken.None).Count();

    private static double Seconds(Func<int> work, int expected)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        var count = work();
        var seconds = watch.Elapsed.TotalSeconds;
        return count == expected ? seconds : throw new InvalidOperationException($"{count} where {expected} was expected.");
    }
}
