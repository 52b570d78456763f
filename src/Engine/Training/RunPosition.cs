using MedSeg.Engine.Packaging;
using MedSeg.Engine.Training.MixedPrecision;

namespace MedSeg.Engine.Training;

/// <summary>
/// Where a run stands. There are no generator states in it: order, augmentation and dropout are pure functions of the seed, the
/// epoch and the batch or sample, so that the position is all the randomness there is.
/// </summary>
internal sealed record RunPosition
{
    /// <summary>The epoch under way, from 1.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>The next batch of that epoch, from 0; when all are done, validation is next.</summary>
    public int NextBatch { get; init; }

    /// <summary>Sum over the samples seen in this epoch of their batch's mean loss.</summary>
    public double LossSum { get; init; }

    /// <summary>Samples seen in this epoch.</summary>
    public long Samples { get; init; }

    /// <summary>Optimiser steps since the start.</summary>
    public long Steps { get; init; }

    /// <summary>Those of them in the epoch under way.</summary>
    public long EpochSteps { get; init; }

    /// <summary>Batches seen since the last step, where several make one.</summary>
    public PendingBatches Pending { get; init; }

    /// <summary>Scale of losses when training in float16.</summary>
    public LossScale? LossScale { get; init; }

    public EarlyStoppingState EarlyStopping { get; init; }

    /// <summary>0 before the first epoch has ended.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Lowest validation loss; null before the first epoch has ended and without validation images.</summary>
    public double? BestLoss { get; init; }

    /// <summary>Time of the finished epochs, in seconds, over all sittings.</summary>
    public double Seconds { get; init; }

    /// <summary>Time spent in the epoch under way, in seconds, over all sittings.</summary>
    public double EpochSeconds { get; init; }

    public IReadOnlyList<SegEpoch> History { get; init; } = [];

    /// <summary>The model that the weights come from; null for a run that began with its own.</summary>
    public TransferRecord? Transfer { get; init; }

    /// <summary>What was changed by force between sittings.</summary>
    public IReadOnlyList<TrainingChange> Changes { get; init; } = [];
}
