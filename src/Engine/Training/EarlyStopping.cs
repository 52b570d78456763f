namespace MedSeg.Engine.Training;

/// <summary>What early stopping remembers between epochs.</summary>
/// <param name="Reference">Validation loss that the next epoch is compared with; null before the first epoch.</param>
/// <param name="BadEpochs">Epochs without improvement that count.</param>
public readonly record struct EarlyStoppingState(double? Reference, int BadEpochs);

/// <summary>
/// Stops when the validation loss has not improved for a number of epochs. An epoch improves when its loss lies below the best
/// counted one by at least <paramref name="epsilonPercent"/> percent of that loss's magnitude; it then sets the counter back to zero.
/// The rule of the reference toolbox (known defect D-71) compares with the previous epoch, in percent of the new loss, and never
/// sets the counter back.
/// </summary>
/// <param name="patience">Epochs without improvement after which training stops, at least 1.</param>
/// <param name="epsilonPercent">Smallest improvement that counts, in percent.</param>
/// <param name="comparePrevious">The rule of the reference toolbox.</param>
public sealed class EarlyStopping(int patience, double epsilonPercent, bool comparePrevious = false)
{
    /// <summary>The state after an epoch with this validation loss.</summary>
    public EarlyStoppingState Next(EarlyStoppingState state, double loss) =>
        comparePrevious ? new(loss, state.BadEpochs + (IsWorseThan(state.Reference, loss) ? 1 : 0))
        : Improves(state.Reference, loss) ? new(loss, 0) : state with { BadEpochs = state.BadEpochs + 1 };

    public bool ShouldStop(EarlyStoppingState state) => state.BadEpochs >= patience;

    private bool IsWorseThan(double? previous, double loss) => 100 * (previous - loss) < epsilonPercent * Math.Abs(loss);

    private bool Improves(double? reference, double loss)
    {
        if (reference is not { } best) return true;
        double fall = best - loss;
        return fall > 0 && 100 * fall >= epsilonPercent * Math.Abs(best);
    }
}
