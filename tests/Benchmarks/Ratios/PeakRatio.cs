using System.Diagnostics;
using System.Globalization;
using MedSeg.Benchmarks.Steps;
using MedSeg.Engine.Networks;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// The most memory that training steps take, over what cannot be done without: weights, gradients, the two moments of Adam and the
/// values that the backward pass needs. Each in a process of its own, from which that of the libraries and a first small step is taken off.
/// </summary>
internal sealed class PeakRatio(NetworkCase network, NetworkCase? small = null) : IRatioBenchmark
{
    private const int Steps = 3;
    private const string Child = "peak-child";

    public string Name => "peak-" + network.Name;

    public IRatioBenchmark Quick => small is null ? this : new PeakRatio(small);

    public RatioResult Run()
    {
        using SegNetwork built = network.Create();
        StepCost cost = StepCost.Of(built, network.InputShape, network.Metadata);
        double peak = InChild();
        return new(Name, peak / cost.Bytes, 2, new Dictionary<string, double>
        {
            ["peak_mb"] = peak / 1e6, ["floor_mb"] = cost.Bytes / 1e6, ["activations_mb"] = ((4 * cost.Activations) + (8 * cost.Indices)) / 1e6,
            ["weights_m"] = cost.Weights / 1e6, ["gmacs"] = cost.Macs / 1e9,
        }, $"peak resident memory of {Steps} steps / weights, gradients, moments and activations, {network.Text}");
    }

    /// <summary>What the other process does: prints bytes.</summary>
    /// <returns>0; 2 where the system does not tell.</returns>
    public static int RunChild(string[] args, TextWriter output)
    {
        NetworkCase[] cases = [.. NetworkCase.Full, .. NetworkCase.Quick];
        if (!File.Exists("/proc/self/clear_refs") || cases.FirstOrDefault(c => c.Text == args[^1]) is not { } chosen)
            return 2;
        using (var first = new BareStep(NetworkCase.Quick.First(c => c.Name == chosen.Name)))
            first.Run();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        File.WriteAllText("/proc/self/clear_refs", "5"); // Begins the peak anew.
        double before = Status("VmRSS:");
        using var step = new BareStep(chosen);
        for (var i = 0; i < Steps; i++)
            step.Run();
        output.WriteLine((Status("VmHWM:") - before).ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private double InChild()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        start.ArgumentList.Add(Child);
        start.ArgumentList.Add(network.Text);
        using var process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? double.Parse(said, CultureInfo.InvariantCulture) : throw new InvalidOperationException("The peak of memory is not known: this needs Linux.");
    }

    private static double Status(string key) => 1024 * double.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture);
}
