namespace MedSeg;

/// <summary>What Start-SegTraining asks for with several seeds or with folds: one training each.</summary>
/// <param name="Training">What they share; its seed and its split are not used.</param>
/// <param name="Seeds">Of weights, shuffling and augmentation, one model each. Empty takes 0, or those of the series that is continued.</param>
/// <param name="Folds">
/// Number of folds for cross-validation, each held out by one model (and by one model of each seed where there are several). Null makes one
/// split for all, or, without seeds, continues the series as it was.
/// </param>
public sealed record SeriesRequest(TrainingRequest Training, IReadOnlyList<int> Seeds, int? Folds);
