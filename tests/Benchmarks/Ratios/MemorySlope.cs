using System.Diagnostics;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Training;
using MedSeg.Engine.Transforms;
using TorchSharp;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// Memory of the process over 2,000 training steps of the real training session with a small Unet: the slope of a line through
/// the working set after every twentieth step. 1,000 steps go before, during which the compiler replaces methods by faster
/// ones and allocators fill their pools; garbage is collected before each look, since when it goes is not what is asked.
/// </summary>
public sealed class MemorySlope : IRatioBenchmark
{
    private const int Steps = 2000;
    private const int WarmUp = 1000;
    private const int Every = 20;
    private const int Size = 48;

    /// <summary>2 MB over all 2,000 steps: less than what the working set moves by itself between two runs.</summary>
    private const double BytesPerStep = 1000;

    public string Name => "memory";

    public RatioResult Run()
    {
        var samples = new List<(double Step, double Bytes)>();
        var tensors = new List<long>();
        using var process = Process.GetCurrentProcess();
        using var network = new Unet(new UnetOptions(1, 1, Depth: 2, Filters: 4));
        using var session = new TrainingSession(
            network, LossRegistry.Create(new ComponentConfig("DiceLoss")), new CosineAnnealing(0.001, 0, 1), new EarlyStopping(50, 0.001),
            new OneBatch(), null, new SessionSettings(1, 1, torch.CPU, 0.5))
        {
            BatchDone = (position, _) =>
            {
                if (position.Steps < WarmUp || position.Steps % Every != 0)
                    return;
                GC.Collect();
                GC.WaitForPendingFinalizers();
                process.Refresh();
                samples.Add((position.Steps, process.WorkingSet64));
                tensors.Add(torch.Tensor.TotalCount);
            },
        };
        session.RunEpoch(CancellationToken.None);
        var (slope, error) = Slope(samples);
        return new(Name, slope, BytesPerStep, new Dictionary<string, double>
        {
            ["steps"] = Steps, ["first_mb"] = samples[0].Bytes / 1e6, ["last_mb"] = samples[^1].Bytes / 1e6,
            ["slope_from"] = slope - (1.96 * error), ["slope_to"] = slope + (1.96 * error), ["tensors_more"] = tensors[^1] - tensors[0],
            ["largest_mb"] = samples.Max(s => s.Bytes) / 1e6, ["managed_mb"] = GC.GetTotalMemory(forceFullCollection: true) / 1e6,
        }, "slope of the working set in bytes per training step with the limits of its 95 % interval, Unet depth 2, 4 filters, batch 4×1×48×48");
    }

    /// <summary>
    /// Least squares and the standard error, enlarged for residuals that follow their predecessors: with a correlation of r from one to
    /// the next, n of them tell as much as n(1 − r)/(1 + r) independent ones.
    /// </summary>
    private static (double Slope, double Error) Slope(List<(double Step, double Bytes)> samples)
    {
        var (x, y) = (samples.Average(s => s.Step), samples.Average(s => s.Bytes));
        double spread = samples.Sum(s => (s.Step - x) * (s.Step - x));
        double slope = samples.Sum(s => (s.Step - x) * (s.Bytes - y)) / spread;
        double[] residuals = [.. samples.Select(s => s.Bytes - y - (slope * (s.Step - x)))];
        double squares = residuals.Sum(r => r * r);
        if (squares == 0)
            return (slope, 0);
        double follows = Math.Clamp(residuals.Zip(residuals.Skip(1), (a, b) => a * b).Sum() / squares, 0, 0.99);
        return (slope, Math.Sqrt(squares / (samples.Count - 2) / spread * (1 + follows) / (1 - follows)));
    }

    /// <summary>The same batch again and again.</summary>
    private sealed class OneBatch : IBatchSource
    {
        private readonly float[] _input = [.. Enumerable.Range(0, 4 * Size * Size).Select(i => MathF.Sin(0.37f * i))];

        public int BatchesPerEpoch => WarmUp + Steps;

        public IEnumerable<SampleBatch> Epoch(int epoch, int firstBatch, CancellationToken ct)
        {
            var target = Array.ConvertAll(_input, v => v > 0.5f ? 1f : 0f);
            for (var i = firstBatch; i < BatchesPerEpoch; i++)
                yield return new SampleBatch(_input, target, 4, 1, 1, new GridSize(Size, Size));
        }
    }
}
