namespace MedSeg;

/// <summary>How the models of a series of trainings did, by their validation participants in the epochs that were packaged.</summary>
public sealed record SegTrainingSummary
{
    /// <summary>Name that all the models have.</summary>
    public required string Name { get; init; }

    /// <summary>Full path of the folder with one run folder per model.</summary>
    public required string Path { get; init; }

    /// <summary>Folders of the runs below <see cref="Path"/>, in the order of the models: seed-1, fold-2…</summary>
    public required IReadOnlyList<string> Runs { get; init; }

    /// <summary>One row per figure that any model has.</summary>
    public required IReadOnlyList<SegMetricSummary> Metrics { get; init; }

    /// <summary>The models as one that predicts the mean of their probabilities; its <c>Members</c> are the models.</summary>
    public required SegModel Ensemble { get; init; }

    /// <summary>Lowest validation loss; null without validation participants.</summary>
    public SegMetricSummary? ValidationLoss => Find(nameof(SegEpoch.ValidationLoss));

    /// <summary>Validation Dice of the masks; null where no model has one.</summary>
    public SegMetricSummary? ValidationDice => Find(nameof(SegEpoch.ValidationDice));

    public override string ToString() => Name;

    private SegMetricSummary? Find(string metric) => Metrics.FirstOrDefault(row => row.Metric == metric);
}

/// <summary>One figure over several models.</summary>
/// <param name="Metric">As the property of <see cref="SegEpoch"/> or <see cref="SegValidationMetrics"/> is called.</param>
/// <param name="Count">Models that have it, at least 1.</param>
/// <param name="Mean">Over these.</param>
/// <param name="StandardDeviation">Of the sample: divided by <paramref name="Count"/> − 1; null for one model.</param>
/// <param name="Minimum">Over these.</param>
/// <param name="Maximum">Over these.</param>
/// <param name="Values">One per model, in their order; null where a model has none.</param>
public sealed record SegMetricSummary(
    string Metric, int Count, double Mean, double? StandardDeviation, double Minimum, double Maximum, IReadOnlyList<double?> Values)
{
    /// <summary>Mean ± standard deviation with four decimals.</summary>
    public override string ToString() => StandardDeviation is { } deviation
        ? FormattableString.Invariant($"{Mean:0.0000} ± {deviation:0.0000}")
        : FormattableString.Invariant($"{Mean:0.0000}");
}
