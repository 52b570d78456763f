using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Sampling;

/// <summary>The order that <c>training_parameters.balance_samples</c> asks for.</summary>
internal static class SampleBalance
{
    /// <summary>Makes the order; waits until all images are read, because the weights depend on all labels.</summary>
    /// <param name="samples">The training samples.</param>
    /// <param name="dataset">Where columns are looked up.</param>
    /// <param name="warn">Told about images without a value of the column.</param>
    /// <exception cref="SegException"><c>BalanceColumnMissing</c>, or as <see cref="SampleDataset.Load"/>.</exception>
    public static ISampleOrder Of(
        SampleDataset samples, BidsDataset dataset, BalanceSamplesConfig config, long seed, Action<string> warn, CancellationToken ct)
    {
        samples.WaitAll(ct);
        var labels = config.Type == SampleLabels.GroundTruth
            ? [.. samples.Entries.Select(entry => entry.Label)]
            : SampleLabels.OfColumn([.. samples.Origins.Select(origin => origin.Image)], new DatasetColumns(dataset), config.Type, warn);
        return new BalancedOrder(labels, seed);
    }

    /// <summary>Samples need the label of their ground truth.</summary>
    public static bool NeedsLabels(SegConfig config, string part) =>
        part == DatasetParts.Training && config.TrainingParameters.BalanceSamples is { Applied: true, Type: SampleLabels.GroundTruth };
}
