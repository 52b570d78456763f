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

/// <summary>
/// Cosine annealing with warm restarts (Loshchilov and Hutter 2017): within each period of T epochs
/// lr = ηmin + ½·(lr0 − ηmin)·(1 + cos(π·t/T)) with t epochs since its start; each period is T_mult times as long as the one before.
/// </summary>
/// <param name="initialRate">lr0, in force in the first epoch of each period.</param>
/// <param name="minimumRate">ηmin.</param>
/// <param name="firstPeriod">T_0, epochs of the first period, at least 1.</param>
/// <param name="growth">T_mult, at least 1.</param>
public sealed class CosineWarmRestarts(double initialRate, double minimumRate, int firstPeriod, int growth) : ILearningRateSchedule
{
    public double At(int epoch, long step)
    {
        double since = epoch, period = firstPeriod;
        if (growth == 1)
        {
            since %= period;
        }
        else
        {
            while (since >= period) (since, period) = (since - period, period * growth);
        }

        return minimumRate + (0.5 * (initialRate - minimumRate) * (1 + Math.Cos(Math.PI * since / period)));
    }
}

/// <summary>
/// Cyclical rate (Smith 2017, "triangular2"): in each cycle the rate rises in a straight line from the base rate and falls back to
/// it; the height of the triangle halves from cycle to cycle. It changes with every optimiser step.
/// </summary>
/// <param name="baseRate">At the beginning and end of each cycle.</param>
/// <param name="highestRate">At the peak of the first cycle.</param>
/// <param name="stepsUp">Steps of the rising part, at least 1.</param>
/// <param name="stepsDown">Steps of the falling part, at least 1.</param>
public sealed class CyclicRate(double baseRate, double highestRate, int stepsUp, int stepsDown) : ILearningRateSchedule
{
    public double At(int epoch, long step)
    {
        long length = (long)stepsUp + stepsDown;
        (long cycle, long place) = Math.DivRem(step, length);
        double height = place <= stepsUp ? (double)place / stepsUp : (double)(length - place) / stepsDown;
        return baseRate + ((highestRate - baseRate) * height * Math.Pow(0.5, cycle));
    }
}
