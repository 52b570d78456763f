using System.Diagnostics;
using System.Globalization;
using MedSeg.Engine.Tests.BadInput.Fuzzing;

namespace MedSeg.Benchmarks.Soak;

/// <summary>The fuzz tests for as long as one likes: every format in turn, round after round, until the time is over.</summary>
public static class FuzzSoak
{
    private const int CasesPerRound = 500;

    /// <param name="args"><c>fuzz [minutes] [seed]</c>.</param>
    /// <returns>0 when every file was read or refused as it should be.</returns>
    public static int Run(string[] args, TextWriter output)
    {
        double minutes = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 10;
        long seed = args.Length > 2 ? long.Parse(args[2], CultureInfo.InvariantCulture) : 1;
        string folder = SampleVolume.TemporaryFolder();
        try
        {
            int failed = 0;
            foreach (string name in FuzzTargets.Names)
                failed += Soak(name, seed, Path.Combine(folder, name), minutes / FuzzTargets.Names.Count, output) ? 0 : 1;
            return failed == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One format; its first failure ends it.</summary>
    private static bool Soak(string name, long seed, string folder, double minutes, TextWriter output)
    {
        Directory.CreateDirectory(folder);
        var run = new FuzzRun(FuzzTargets.Of(name, folder), seed, folder);
        var watch = Stopwatch.StartNew();
        int read = 0, refused = 0;
        long most = 0;
        double slowest = 0;
        try
        {
            for (int first = 0; watch.Elapsed.TotalMinutes < minutes; first += CasesPerRound)
            {
                FuzzReport report = run.Run(first, CasesPerRound, CancellationToken.None);
                (read, refused) = (read + report.Read, refused + report.Refused);
                (most, slowest) = (Math.Max(most, report.MostAllocated), Math.Max(slowest, report.SlowestSeconds));
            }
        }
        catch (InvalidOperationException failure)
        {
            output.WriteLine(failure.Message);
            return false;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {read + refused} files, {read} read, {refused} refused, at most {most / 1024} KiB allocated, slowest {slowest * 1000:F0} ms"));
        return true;
    }
}
