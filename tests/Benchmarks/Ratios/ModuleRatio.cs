using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// Import-Module of the staged module, each time in a fresh process of <c>medseg</c> that has imported an empty module before, so
/// that PowerShell's own start does not count. None of the processes may load the engine or its packages.
/// </summary>
public sealed class ModuleRatio : IRatioBenchmark
{
    private const int Rounds = 11;

    private const string Script = """
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Import-Module $env:BENCH_MODULE
        $watch.Elapsed.TotalMilliseconds.ToString([Globalization.CultureInfo]::InvariantCulture)
        foreach ($a in [AppDomain]::CurrentDomain.GetAssemblies()) { if ($a.GetName().Name -match '^(MedSeg.Engine|TorchSharp|Microsoft.ML)') { $a.GetName().Name } }
        """;

    public string Name => "module";

    public RatioResult Run()
    {
        var folder = SampleVolume.TemporaryFolder();
        try
        {
            var empty = Path.Combine(folder, "Empty.psd1");
            File.WriteAllText(empty, "@{ ModuleVersion = '1.0' }");
            Import(empty); // Fills the file cache.
            double[] times = [.. Enumerable.Range(0, Rounds).Select(_ => Import(empty))];
            var median = Interleaved.Median(times);
            return new(Name, median, 300, new Dictionary<string, double>
            {
                ["median_ms"] = median, ["fastest_ms"] = times.Min(), ["slowest_ms"] = times.Max(), ["rounds"] = Rounds,
            }, "ms of Import-Module in a fresh process; no assembly of the engine is loaded");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Milliseconds of one import in a process of its own.</summary>
    private static double Import(string emptyModule)
    {
        var root = Root();
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Name;
        var version = typeof(SegConfig).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        var shell = Path.Combine(root, "src", "Shell", "bin", configuration, "net10.0", "medseg.dll");
        using var child = Process.Start(new ProcessStartInfo("dotnet", [shell, "-Command", Script])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["MEDSEG_MODULE"] = emptyModule,
                ["BENCH_MODULE"] = Path.Combine(root, "artifacts", "MedSeg", version, "MedSeg.psd1"),
            },
        })!;
        var lines = child.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        child.WaitForExit();
        return child.ExitCode == 0 && lines.Length == 1
            ? double.Parse(lines[0], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The import ended with exit code {child.ExitCode} and had loaded: {string.Join(", ", lines.Skip(1))}");
    }

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MedSeg.PowerShell.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("MedSeg.PowerShell.sln was not found above " + AppContext.BaseDirectory);
    }
}
