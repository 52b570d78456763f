using System.Globalization;
using MedSeg.Benchmarks.Ratios;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Training;
using static TorchSharp.torch;

namespace MedSeg.Benchmarks.Steps;

/// <summary>
/// Seconds per bare training step of each network, and what ways of making it faster give: the tables "Training steps" of
/// docs/benchmarks.md. All ways of one network take turns in one process; figures are medians.
/// </summary>
public static class StepTable
{
    private const int Rounds = 3;

    /// <param name="args"><c>--quick</c>: small sizes, whose figures mean nothing. <c>--filter NAME</c>: one network.</param>
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        var cases = args.Contains("--quick") ? NetworkCase.Quick : NetworkCase.Full;
        if (args.Where(a => a != "--quick").ToArray() is ["--filter", var name])
            cases = [.. cases.Where(c => c.Name == name)];
        else if (args.Any(a => a != "--quick"))
            cases = [];
        if (cases.Count == 0)
        {
            errors.WriteLine($"usage: steps [--quick] [--filter {string.Join('|', NetworkCase.Full.Select(c => c.Name))}]");
            return 2;
        }

        using SegNetwork first = cases[0].Create(); // Sets the threads.
        var peaks = new[] { ScalarType.Float32, ScalarType.BFloat16 }.ToDictionary(t => t, MachinePeak.Measure);
        foreach (var (type, (product, convolution)) in peaks)
            output.WriteLine(Text($"{type}: matrix product {product / 1e9:F0}, convolution {convolution / 1e9:F0} GFLOP/s, {get_num_threads()} threads"));
        output.WriteLine();
        output.WriteLine("| network | GMAC forward | floor | float32 | usual order | channels last | bfloat16 | one thread | loss looked at | Adam | Adam in one tensor |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        double peak = Math.Max(peaks[ScalarType.Float32].Product, peaks[ScalarType.Float32].Convolution);
        foreach (var network in cases)
        {
            output.WriteLine(Row(network, peak));
            output.Flush();
        }

        return 0;
    }

    private static string Row(NetworkCase network, double peak)
    {
        using var step = new BareStep(network);
        using var usual = new BareStep(network, n => Reorder(n, last: false));
        using var last = new BareStep(network, n => Reorder(n, last: true));
        using var mixed = new BareStep(network, precision: ScalarType.BFloat16);
        StepCost cost = StepCost.Of(step.Network, network.InputShape, network.Metadata);
        using var flat = nn.Parameter(zeros(cost.Weights));
        flat.grad = ones(cost.Weights);
        using var optimizer = new AdamOptimizer([("flat", flat)]);
        int threads = get_num_threads();
        double[] ms = Interleaved.Medians(
            Rounds,
            () => step.Run(),
            () => usual.Run(),
            () => last.Run(),
            () => mixed.Run(),
            () => OneThread(step, threads),
            () => step.Run(look: true),
            () => step.Optimize(),
            () => optimizer.Step(0.001));
        string times = string.Join(" | ", ms.Select(t => Text($"{t / 1000:G3} s")));
        return Text($"| {network.Text} | {cost.Macs / 1e9:G4} | {cost.Flops / peak:G3} s | {times} |");
    }

    private static void OneThread(BareStep step, int threads)
    {
        set_num_threads(1);
        try
        {
            step.Run();
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    /// <summary>The memory order of all kernels: that of PyTorch, or channels last in two and three dimensions.</summary>
    private static void Reorder(nn.Module network, bool last)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in network.parameters().Where(p => p.dim() > 3))
        {
            long[] axes = [.. Enumerable.Range(0, (int)parameter.dim()).Select(i => (long)i)];
            long[] there = [0, .. axes[2..], 1], back = [0, axes[^1], .. axes[1..^1]];
            parameter.set_(last ? parameter.permute(there).contiguous().permute(back) : parameter.contiguous());
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
