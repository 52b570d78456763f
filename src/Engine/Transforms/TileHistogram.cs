namespace MedSeg.Engine.Transforms;

/// <summary>The histogram of one tile of <see cref="LocalEqualizer"/>: limited, then turned into a mapping of gray levels.</summary>
internal static class TileHistogram
{
    public const int Bins = 256;

    /// <summary>
    /// Cuts bins at a limit and gives what was cut off to the others: first the same to all, those that come near the limit being
    /// filled up, then one by one to evenly spaced bins below the limit, until nothing is left or all are full.
    /// </summary>
    public static void Clip(Span<int> histogram, int limit)
    {
        var excess = 0;
        foreach (ref var count in histogram)
        {
            excess += Math.Max(0, count - limit);
            count = Math.Min(count, limit);
        }

        if (excess == 0)
            return;
        var share = excess / Bins;
        var upper = limit - share;
        foreach (ref var count in histogram)
        {
            var raised = count + share < upper ? count + share : limit;
            excess -= raised - count;
            count = raised;
        }

        for (var before = excess + 1; excess > 0 && excess < before;)
        {
            before = excess;
            for (var first = 0; first < Bins && excess > 0; first++)
                excess -= RaiseSome(histogram, limit, first, excess);
        }
    }

    /// <summary>Raises bins below the limit by one, from a first bin on in steps that spread the excess over all of them.</summary>
    private static int RaiseSome(Span<int> histogram, int limit, int first, int excess)
    {
        var free = 0;
        foreach (var count in histogram)
            free += count < limit ? 1 : 0;
        var step = Math.Max(1, free / excess);
        var raised = 0;
        for (var bin = first; bin < Bins; bin += step)
        {
            if (histogram[bin] < limit)
            {
                histogram[bin]++;
                raised++;
            }
        }

        return raised;
    }

    /// <summary>The cumulated histogram scaled to gray levels, rounded down.</summary>
    public static void ToMap(ReadOnlySpan<int> histogram, int voxels, Span<ushort> map)
    {
        const int top = LocalEqualizer.Levels - 1;
        var scale = (double)top / voxels;
        var sum = 0;
        for (var bin = 0; bin < Bins; bin++)
        {
            sum += histogram[bin];
            map[bin] = (ushort)Math.Min(sum * scale, top);
        }
    }
}
