using System.Diagnostics;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>Times several ways of doing something in turn, so that a slow spell of the machine hits all of them.</summary>
public static class Interleaved
{
    /// <summary>Runs every action once to warm up, then all of them in turn, and returns each one's median time in ms.</summary>
    /// <param name="rounds">Timed runs of each action; odd, so that the median is a run.</param>
    /// <param name="actions">What to compare.</param>
    public static double[] Medians(int rounds, params Action[] actions)
    {
        foreach (var action in actions)
            action();
        var times = Array.ConvertAll(actions, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < actions.Length; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                var watch = Stopwatch.StartNew();
                actions[i]();
                times[i].Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        return Array.ConvertAll(times, Median);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
