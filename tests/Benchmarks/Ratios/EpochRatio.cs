using MedSeg.Engine.Training;
using static TorchSharp.torch;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// An epoch as a run has it (loading, augmentation, progress, checkpoint) against forward, backward and optimiser step over the
/// same number of batches held in memory.
/// </summary>
public sealed class EpochRatio : IRatioBenchmark
{
    private const int Rounds = 11, Subjects = 3, Slices = 16, Size = 128, Depth = 3, Filters = 16;

    public string Name => "epoch";

    public RatioResult Run()
    {
        using var bench = new TrainingBench(Subjects, Slices, Size, Depth, Filters, epochs: Rounds + 1);
        using var optimizer = new AdamOptimizer(bench.Network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
        var batches = bench.Batches();
        double[] times = Interleaved.Medians(
            Rounds,
            () =>
            {
                bench.Session.RunEpoch(default);
                bench.SaveCheckpoint();
            },
            () => Bare(bench, optimizer, batches),
            bench.DrainLoader,
            bench.SaveCheckpoint);
        foreach (var (input, target) in batches)
        {
            input.Dispose();
            target.Dispose();
        }

        return new(Name, times[0] / times[1], 1.15, new Dictionary<string, double>
        {
            ["epoch_ms"] = times[0], ["bare_ms"] = times[1], ["loading_alone_ms"] = times[2], ["checkpoint_alone_ms"] = times[3],
            ["batches"] = batches.Count, ["rounds"] = Rounds, ["threads"] = get_num_threads(),
        }, $"medians; epoch with loading, augmentation and checkpoint / bare steps, Unet depth {Depth}, {Filters} filters, batch {TrainingBench.BatchSize} of {Size}×{Size}");
    }

    private static void Bare(TrainingBench bench, AdamOptimizer optimizer, List<(Tensor Input, Tensor Target)> batches)
    {
        bench.Network.train();
        foreach (var (input, target) in batches)
        {
            using var scope = NewDisposeScope();
            optimizer.ZeroGradients();
            Tensor loss = bench.Loss.Forward(bench.Network.forward(input), target);
            loss.backward();
            optimizer.Step(0.001);
        }
    }
}
