namespace MedSeg.Engine.Training.Thresholds;

/// <summary>The thresholds that a search tries: inc, 2·inc, … below 1.</summary>
internal sealed class ThresholdGrid
{
    /// <summary>Smallest increment.</summary>
    public const double Finest = 0.001;

    /// <summary>Largest increment.</summary>
    public const double Coarsest = 0.5;

    /// <exception cref="SegException"><c>ThresholdIncrementRange</c>.</exception>
    public ThresholdGrid(double increment)
    {
        if (increment is not (>= Finest and <= Coarsest))
        {
            throw new SegException(
                "ThresholdIncrementRange", SegErrorKind.InvalidArgument,
                FormattableString.Invariant($"The increment {increment} of the threshold search is not between {Finest} and {Coarsest}."),
                "Choose for example 0.05.", "ThresholdSearch");
        }

        Increment = increment;
        // Rounded, so that three times 0.1 is the 0.3 that people write.
        Values = [.. Enumerable.Range(1, (int)Math.Ceiling(1 / increment)).Select(i => Math.Round(i * increment, 10)).TakeWhile(t => t < 1 - 1e-9)];
    }

    public double Increment { get; }

    /// <summary>Ascending.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>How many of the thresholds a probability reaches.</summary>
    public int Reached(double probability)
    {
        if (!(probability >= Values[0])) return 0;
        int guess = Math.Clamp((int)(probability / Increment), 1, Values.Count);
        // The division may be off by a rounding error; prediction compares with the threshold itself.
        while (guess < Values.Count && probability >= Values[guess]) guess++;
        while (guess > 0 && probability < Values[guess - 1]) guess--;
        return guess;
    }
}
