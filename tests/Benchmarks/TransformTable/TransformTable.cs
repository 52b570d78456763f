using System.Diagnostics;
using System.Globalization;
using MedSeg.Benchmarks.Ratios;

namespace MedSeg.Benchmarks.TransformTable;

/// <summary>
/// The table of docs/benchmarks.md: each transform by the engine and by plain loops, timed in turn on one thread in one run, beside
/// the time that only moving its bytes takes on the same machine.
/// </summary>
public static class TransformTable
{
    /// <summary>The lines, in order. Those of other transforms are added here.</summary>
    private static IEnumerable<TransformCase> Cases() => [.. SpatialCases.All(), .. IntensityCases.All()];

    /// <param name="args">
    /// <c>--filter TEXT</c>: only lines whose name and grid contain it; <c>chain</c> and <c>tensor</c> are the lines below the table.
    /// </param>
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is not ([] or ["--filter", _]))
        {
            errors.WriteLine("usage: transforms [--filter TEXT]");
            return 2;
        }

        var filter = args.Length == 2 ? args[1] : "";
        output.WriteLine("| transform | grid | engine | plain loops | ratio | reference | ratio | floor | ns/voxel | bytes allocated |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var line in Cases().Where(c => $"{c.Name} {c.Size}".Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            output.WriteLine(Measure(line));
            output.Flush();
        }

        if ("chain".Contains(filter, StringComparison.OrdinalIgnoreCase))
            output.WriteLine(ChainRate.Measure());
        if ("tensor".Contains(filter, StringComparison.OrdinalIgnoreCase))
            output.WriteLine(TensorRate.Measure(action => Fastest(action)[0]));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Copying 256 MiB moves {LargeCopy():F1} GB/s (read and written)."));
        return 0;
    }

    private static string Measure(TransformCase line)
    {
        var copy = new float[(line.Size.Count + line.Output) / 2];
        var copied = new float[copy.Length];
        var times = Fastest(line.Engine, line.Plain, () => copy.CopyTo(copied, 0));
        (times[0], times[1]) = (times[0] / line.Times, times[1] / line.Times);
        var before = GC.GetAllocatedBytesForCurrentThread();
        line.Engine();
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / line.Times;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {line.Name} | {line.Size} | {times[0]:G3} ms | {times[1]:G3} ms | {times[1] / times[0]:F1} | {Reference(line.ReferenceMs, "G3", " ms")} | "
            + $"{Reference(line.ReferenceMs / times[0], "F0")} | {times[2]:G2} ms | {times[0] * 1e6 / line.Size.Count:F1} | {allocated} |");
    }

    /// <summary>
    /// Milliseconds of one run of each action: the fastest of rounds in which every action runs for some ms, in turn. Whatever else
    /// the machine does only adds to a round.
    /// </summary>
    private static double[] Fastest(params Action[] actions)
    {
        const double enough = 2;
        const int rounds = 25;
        var repeats = Array.ConvertAll(actions, action => Math.Max(1, (int)Math.Ceiling(enough / Warm(action))));
        var times = Array.ConvertAll(actions, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < actions.Length; i++)
                times[i].Add(Time(actions[i], repeats[i]));
        }

        return Array.ConvertAll(times, t => t.Min());
    }

    /// <summary>
    /// Runs an action in spells until it gets no faster, and returns its milliseconds. The runtime optimises a method in steps: after
    /// 30 calls, and only when no new methods have come for 100 ms; each step brings methods that have calls of their own to count.
    /// </summary>
    private static double Warm(Action action)
    {
        const int atLeast = 8, patience = 6, atMost = 60;
        var (best, since) = (double.PositiveInfinity, 0);
        for (var spell = 0; spell < atMost && (spell < atLeast || since < patience); spell++)
        {
            var fastest = double.PositiveInfinity;
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < 30 && Stopwatch.GetElapsedTime(start).TotalMilliseconds < 200; i++)
                fastest = Math.Min(fastest, Time(action, 1));
            since = fastest < 0.97 * best ? 0 : since + 1;
            best = Math.Min(best, fastest);
            Thread.Sleep(120);
        }

        return best;
    }

    private static string Reference(double value, string format, string unit = "") =>
        double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture) + unit;

    private static double Time(Action action, int repeats)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++)
            action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / repeats;
    }

    private static double LargeCopy()
    {
        var from = new float[1 << 26];
        var to = new float[1 << 26];
        Array.Fill(from, 1);
        var times = Enumerable.Range(0, 9).Select(_ => Time(() => from.CopyTo(to, 0), 1)).ToArray();
        return 2 * 4.0 * from.Length / (Interleaved.Median(times) * 1e6);
    }
}
