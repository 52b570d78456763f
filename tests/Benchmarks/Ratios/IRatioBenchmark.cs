namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// One figure of docs/benchmarks.md that is a ratio of two times taken in one run, or a slope, so that it means the same on
/// every machine. A new one is one file and one line in <see cref="RatioRegistry"/>.
/// </summary>
public interface IRatioBenchmark
{
    /// <summary>Short name for <c>--filter</c>; <c>--filter train</c> also means all that begin with <c>train-</c>.</summary>
    string Name { get; }

    /// <summary>The same at sizes that show in seconds whether it works; itself where it is quick anyway.</summary>
    IRatioBenchmark Quick => this;

    /// <summary>Measures; may take a minute or two. Cleans up what it wrote.</summary>
    RatioResult Run();
}

/// <summary>What one benchmark found.</summary>
/// <param name="Name">As in <see cref="IRatioBenchmark.Name"/>.</param>
/// <param name="Ratio">The figure: measured / bare, or a slope in the unit that <paramref name="Note"/> names.</param>
/// <param name="Limit">What it must not exceed.</param>
/// <param name="Figures">The numbers behind it, for example <c>measured_ms</c> and <c>bare_ms</c>.</param>
/// <param name="Note">What was compared with what.</param>
public sealed record RatioResult(string Name, double Ratio, double Limit, IReadOnlyDictionary<string, double> Figures, string Note)
{
    public bool WithinLimit => Ratio <= Limit;
}
