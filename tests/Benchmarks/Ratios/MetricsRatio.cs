using MedSeg.Engine.Networks;
using MedSeg.Engine.Training.Watching;
using static TorchSharp.torch;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// The metrics of a validation batch against the forward pass that the batch needs anyway. Predictions are blobs beside their
/// references, as those of a network that has learned something; the figures also have noise, whose surfaces are everywhere.
/// </summary>
public sealed class MetricsRatio : IRatioBenchmark
{
    private const int Rounds = 11, Samples = 18, Classes = 2, Size = 128, Depth = 3, Filters = 16;

    public string Name => "metrics";

    public RatioResult Run()
    {
        using var network = new Unet(new UnetOptions(1, Classes, Depth: Depth, Filters: Filters), 1);
        network.eval();
        using var noGradient = no_grad();
        using Tensor image = rand(Samples, 1, Size, Size), noise = rand(Samples, Classes, Size, Size);
        using Tensor blobs = Discs(60, 24), references = Discs(66, 22);
        double[] times = Interleaved.Medians(
            Rounds,
            () => Measure(blobs, references),
            () => network.forward(image).Dispose(),
            () => Measure(noise, references));
        return new(Name, (times[0] + times[1]) / times[1], 1.15, new Dictionary<string, double>
        {
            ["metrics_ms"] = times[0], ["forward_ms"] = times[1], ["metrics_of_noise_ms"] = times[2], ["rounds"] = Rounds, ["threads"] = get_num_threads(),
        }, $"medians; forward pass and metrics / forward pass, Unet depth {Depth}, {Filters} filters, batch {Samples} of {Size}×{Size}, {Classes} classes");
    }

    private static void Measure(Tensor prediction, Tensor reference)
    {
        var metrics = new EpochMetrics(0.5);
        metrics.Add(prediction, reference, []);
        if (metrics.Result.HausdorffScore is null) throw new InvalidOperationException("The batch has no surfaces.");
    }

    private static Tensor Discs(int centre, int radius)
    {
        float[] values = new float[Size * Size];
        for (int i = 0; i < values.Length; i++)
            values[i] = Math.Pow((i / Size) - centre, 2) + Math.Pow((i % Size) - centre, 2) <= radius * radius ? 1 : 0;
        using var scope = NewDisposeScope();
        return tensor(values).reshape(1, 1, Size, Size).repeat(Samples, Classes, 1, 1).MoveToOuterDisposeScope();
    }
}
