namespace MedSeg.Engine.Data;

/// <summary>How many units each set gets; <see cref="SplitMaker"/> has the rule.</summary>
internal readonly record struct SplitSizes(int Training, int Validation, int Test)
{
    /// <summary>0.7 · 10 is 6.999… in binary; it stands for 7.</summary>
    private const double Rounding = 1e-9;

    /// <exception cref="SegException"><c>SplitFractions</c>.</exception>
    public static void Check(SplitConfig split)
    {
        var (train, test) = (split.TrainFraction, split.TestFraction);
        if (train >= 0 && test >= 0 && train + test <= 1 + Rounding)
            return;
        throw new SegException(
            "SplitFractions", SegErrorKind.InvalidArgument,
            FormattableString.Invariant($"split_dataset: train_fraction {train} and test_fraction {test} do not leave room for each other."),
            "Both must be at least 0 and together at most 1; what is left is for validation.", "split_dataset");
    }

    /// <summary>Number of test groups of <paramref name="groups"/> to draw.</summary>
    public static int TestGroups(SplitConfig split, int groups) =>
        split.TestFraction <= 0 ? 0 : Math.Max(1, Floor(split.TestFraction * groups));

    /// <summary>
    /// Units that train of those that one fold leaves: train_fraction and what both fractions leave for validation keep their ratio. At
    /// least one trains, and at least one validates unless the fractions add up to 1.
    /// </summary>
    /// <exception cref="SegException"><c>TooFewParticipants</c>.</exception>
    public static int TrainingOfFold(SplitConfig split, int rest)
    {
        var validation = 1 - split.TrainFraction - split.TestFraction;
        if (validation <= Rounding && rest >= 1)
            return rest;
        if (rest >= 2)
            return Math.Clamp(Floor(split.TrainFraction / (split.TrainFraction + validation) * rest), 1, rest - 1);
        throw new SegException(
            "TooFewParticipants", SegErrorKind.InvalidData,
            $"A fold leaves {rest} value(s) of {split.SplitMethod}: too few to train{(validation > Rounding ? " and to validate" : "")}.",
            "Add participants, or set train_fraction + test_fraction = 1 to do without validation.", "split_dataset");
    }

    /// <summary>Sizes once the test set is known.</summary>
    /// <param name="units">All units.</param>
    /// <param name="test">Those of them in the test set.</param>
    /// <exception cref="SegException"><c>TooFewParticipants</c>.</exception>
    public static SplitSizes Of(SplitConfig split, IReadOnlyCollection<string> units, int test)
    {
        var rest = units.Count - test;
        var wantsTraining = split.TrainFraction > 0;
        var wantsValidation = split.TrainFraction + split.TestFraction < 1 - Rounding;
        if (rest < (wantsTraining ? 1 : 0) + (wantsValidation ? 1 : 0))
            throw TooFew(split, units, test, wantsTraining, wantsValidation);
        var training = !wantsTraining ? 0
            : wantsValidation ? Math.Min(Math.Max(1, Floor(split.TrainFraction * units.Count)), rest - 1)
            : rest;
        return new SplitSizes(training, rest - training, test);
    }

    private static int Floor(double x) => (int)Math.Floor(x + Rounding);

    private static SegException TooFew(SplitConfig split, IReadOnlyCollection<string> units, int test, bool wantsTraining, bool wantsValidation)
    {
        var wanting = wantsTraining && wantsValidation ? "training and validation need at least one each"
            : wantsTraining ? "none is left for training" : "none is left for validation";
        return new SegException(
            "TooFewParticipants", SegErrorKind.InvalidData,
            $"{units.Count} usable value(s) of {split.SplitMethod} ({NameList.Of(units)}) cannot be divided: {test} go to the test set, and {wanting}.",
            wantsValidation
                ? "Add participants, or set train_fraction + test_fraction = 1 to do without validation, or test_fraction = 0 to do without a test set."
                : "Add participants, or set test_fraction = 0 to do without a test set.",
            "split_dataset");
    }
}
