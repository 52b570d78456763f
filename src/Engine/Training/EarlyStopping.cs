namespace MedSeg.Engine.Training;

/// <summary>What early stopping remembers between epochs.</summary>
/// <param name="Reference">Validation loss of the last epoch that counted as an improvement; null before the first epoch.</param>
/// <param name="BadEpochs">Epochs since then.</param>
public readonly record struct EarlyStoppingState(double? Reference, int BadEpochs);

/// <summary>
/// Stops when the validation loss has not improved for a number of epochs. An epoch improves when its loss lies below the best
/// counted one by at least <paramref name="epsilonPercent"/> percent of that loss's magnitude; it then sets the counter back to zero.
/// (The reference toolbox compares with the previous epoch and never resets: known defect D-71.)
/// </summary>
/// <param name="patience">Epochs without improvement after which training stops, at least 1.</param>
/// <param name="epsilonPercent">Smallest improvement that counts, in percent.</param>
public sealed class EarlyStopping(int patience, double epsilonPercent)
{
    /// <summary>The state after an epoch with this validation loss.</summary>
    public EarlyStoppingState Next(EarlyStoppingState state, double loss) =>
        Improves(state.Reference, loss) ? new(loss, 0) : state with { BadEpochs = state.BadEpochs + 1 };

    public bool ShouldStop(EarlyStoppingState state) => state.BadEpochs >= patience;

    private bool Improves(double? reference, double loss)
    {
        if (reference is not { } best) return true;
        double fall = best - loss;
        return fall > 0 && 100 * fall >= epsilonPercent * Math.Abs(best);
    }
}
