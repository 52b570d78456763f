namespace MedSeg.Engine.Training;

/// <summary>
/// A learning rate as a pure function of where training stands. Holding no state, a schedule needs nothing in a checkpoint and
/// cannot come loose from its optimiser after a resume (known defect D-77 of the reference toolbox).
/// </summary>
public interface ILearningRateSchedule
{
    /// <summary>The learning rate in force.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="step">Optimiser steps made since the start of the run.</param>
    double At(int epoch, long step);
}

/// <summary>
/// Cosine annealing (Loshchilov and Hutter 2017, without restarts):
/// lr(e) = ηmin + ½·(lr0 − ηmin)·(1 + cos(π·e/epochs)), constant within an epoch.
/// </summary>
/// <param name="initialRate">lr0, in force during the first epoch.</param>
/// <param name="minimumRate">ηmin, the limit that an epoch after the last would reach.</param>
/// <param name="epochs">Epochs of the whole run.</param>
public sealed class CosineAnnealing(double initialRate, double minimumRate, int epochs) : ILearningRateSchedule
{
    public double At(int epoch, long step) =>
        minimumRate + (0.5 * (initialRate - minimumRate) * (1 + Math.Cos(Math.PI * epoch / epochs)));
}
