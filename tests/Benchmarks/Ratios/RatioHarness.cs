using System.Text.Encodings.Web;
using System.Text.Json;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>Runs ratio benchmarks and prints one JSON object a line.</summary>
public static class RatioHarness
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="args">
    /// <c>--filter NAME</c>, which may be given several times; none runs all. <c>--quick</c> takes small sizes, whose figures mean nothing.
    /// </param>
    /// <param name="output">Receives the JSON lines.</param>
    /// <param name="errors">Receives usage errors.</param>
    /// <returns>0; 1 when a ratio is over its limit or could not be taken; 2 for wrong arguments.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        var quick = args.Contains("--quick");
        var chosen = new HashSet<IRatioBenchmark>();
        string[] filters = [.. args.Where(a => a != "--quick")];
        for (var i = 0; i < filters.Length; i += 2)
        {
            IRatioBenchmark[] named = filters[i] == "--filter" && i + 1 < filters.Length ? Named(filters[i + 1]) : [];
            if (named.Length == 0)
            {
                errors.WriteLine($"usage: ratios [--quick] [--filter {string.Join('|', RatioRegistry.All.Select(b => b.Name))}]");
                return 2;
            }

            chosen.UnionWith(named);
        }

        var within = true;
        foreach (var benchmark in RatioRegistry.All.Where(b => chosen.Count == 0 || chosen.Contains(b)))
        {
            try
            {
                var result = (quick ? benchmark.Quick : benchmark).Run();
                within &= result.WithinLimit;
                output.WriteLine(ToJson(result));
                output.Flush();
            }
            catch (SegException error)
            {
                within = false;
                errors.WriteLine($"{benchmark.Name}: {error.Message}");
            }
        }

        return within ? 0 : 1;
    }

    /// <summary>The one of that name, or else the family.</summary>
    private static IRatioBenchmark[] Named(string name)
    {
        IRatioBenchmark[] exact = [.. RatioRegistry.All.Where(b => b.Name == name)];
        return exact.Length > 0 ? exact : [.. RatioRegistry.All.Where(b => b.Name.StartsWith(name + "-", StringComparison.Ordinal))];
    }

    private static string ToJson(RatioResult result) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["name"] = result.Name,
        ["ratio"] = Math.Round(result.Ratio, 4),
        ["limit"] = result.Limit,
        ["within_limit"] = result.WithinLimit,
        ["figures"] = result.Figures.ToDictionary(f => f.Key, f => Math.Round(f.Value, 3)),
        ["note"] = result.Note,
        ["machine"] = $"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {(OperatingSystem.IsWindows() ? "Windows" : "Linux")}",
    }, Readable);
}
