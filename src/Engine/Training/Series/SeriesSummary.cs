namespace MedSeg.Engine.Training.Series;

/// <summary>Mean and standard deviation of what the members of an ensemble reached on their validation images.</summary>
internal static class SeriesSummary
{
    /// <summary>From the epochs that were packaged.</summary>
    public static SegTrainingSummary Of(SegModel ensemble)
    {
        SegEpoch?[] best = [.. ensemble.Members.Select(member => member.History.FirstOrDefault(epoch => epoch.Epoch == member.BestEpoch))];
        return new SegTrainingSummary
        {
            Name = ensemble.Name,
            Path = ensemble.Path,
            Runs = [.. ensemble.Members.Select(member => Path.GetFileName(Path.GetDirectoryName(member.Path)!))],
            Metrics = [.. Figures.Select(figure => Row(figure.Metric, [.. best.Select(epoch => epoch is null ? null : figure.Of(epoch))])).OfType<SegMetricSummary>()],
            Ensemble = ensemble,
        };
    }

    /// <summary>Mean, sample standard deviation and range; null where no value is defined.</summary>
    internal static SegMetricSummary? Row(string metric, IReadOnlyList<double?> values)
    {
        double[] defined = [.. values.OfType<double>()];
        if (defined.Length == 0) return null;
        double mean = defined.Average();
        double? deviation = defined.Length < 2 ? null : Math.Sqrt(defined.Sum(value => (value - mean) * (value - mean)) / (defined.Length - 1));
        return new SegMetricSummary(metric, defined.Length, mean, deviation, defined.Min(), defined.Max(), values);
    }

    private static readonly (string Metric, Func<SegEpoch, double?> Of)[] Figures =
    [
        (nameof(SegEpoch.ValidationLoss), epoch => epoch.ValidationLoss),
        (nameof(SegEpoch.ValidationDice), epoch => epoch.ValidationDice),
        (nameof(SegValidationMetrics.DiceScore), epoch => epoch.Metrics?.DiceScore),
        (nameof(SegValidationMetrics.MultiClassDiceScore), epoch => epoch.Metrics?.MultiClassDiceScore),
        (nameof(SegValidationMetrics.PrecisionScore), epoch => epoch.Metrics?.PrecisionScore),
        (nameof(SegValidationMetrics.RecallScore), epoch => epoch.Metrics?.RecallScore),
        (nameof(SegValidationMetrics.SpecificityScore), epoch => epoch.Metrics?.SpecificityScore),
        (nameof(SegValidationMetrics.IntersectionOverUnion), epoch => epoch.Metrics?.IntersectionOverUnion),
        (nameof(SegValidationMetrics.AccuracyScore), epoch => epoch.Metrics?.AccuracyScore),
        (nameof(SegValidationMetrics.HausdorffScore), epoch => epoch.Metrics?.HausdorffScore),
        (nameof(SegEpoch.TrainingLoss), epoch => epoch.TrainingLoss),
    ];
}
