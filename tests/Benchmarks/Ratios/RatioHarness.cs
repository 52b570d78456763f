using System.Text.Encodings.Web;
using System.Text.Json;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>Runs ratio benchmarks and prints one JSON object a line.</summary>
public static class RatioHarness
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="args"><c>--filter NAME</c>, which may be given several times; none runs all.</param>
    /// <param name="output">Receives the JSON lines.</param>
    /// <param name="errors">Receives usage errors.</param>
    /// <returns>0; 1 when a ratio is over its limit; 2 for wrong arguments.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (args[i] != "--filter" || i + 1 == args.Length || RatioRegistry.All.All(b => b.Name != args[i + 1]))
            {
                errors.WriteLine($"usage: ratios [--filter {string.Join('|', RatioRegistry.All.Select(b => b.Name))}]");
                return 2;
            }

            names.Add(args[i + 1]);
        }

        var within = true;
        foreach (var benchmark in RatioRegistry.All.Where(b => names.Count == 0 || names.Contains(b.Name)))
        {
            var result = benchmark.Run();
            within &= result.WithinLimit;
            output.WriteLine(ToJson(result));
            output.Flush();
        }

        return within ? 0 : 1;
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
