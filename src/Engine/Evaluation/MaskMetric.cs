namespace MedSeg.Engine.Evaluation;

/// <summary>One figure about how well a predicted mask agrees with its reference.</summary>
/// <param name="Name">Name of the property of <see cref="SegMetrics"/> that shows it.</param>
/// <param name="Unit">Unit, empty for ratios.</param>
/// <param name="Formula">How it is computed and where it is not defined, in one sentence.</param>
/// <param name="Compute">NaN where the figure is not defined.</param>
public sealed record MaskMetric(string Name, string Unit, string Formula, Func<MaskComparison, double> Compute);
