using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data;

/// <summary>
/// Divides a dataset into training, validation and test. The unit that is never torn apart is one value of
/// <c>split_method</c>: one participant unless configured otherwise.
/// </summary>
/// <remarks>
/// Sizes, with n units: the test set takes the units of <c>data_testing.data_value</c>, or else ⌊test_fraction·g⌋ of the g
/// values of <c>data_testing.data_type</c>, at least one unless the fraction is 0. Training takes ⌊train_fraction·n⌋ of the
/// rest, at least one. Validation takes what remains: at least one, unless the two fractions add up to 1, when it is empty and
/// training takes all. A unit with any image in a test group is in the test set with all its images. The draw depends on the
/// seed and the set of names only, not on the order of files or rows.
/// </remarks>
public static class SplitMaker
{
    private const double Rounding = 1e-9;

    /// <summary>Makes the split, or loads it when the configuration names a saved one.</summary>
    /// <param name="warn">Told about images and values that cannot be used.</param>
    /// <exception cref="SegException">
    /// <c>NoUsableImages</c>, <c>SplitColumnMissing</c>, <c>SplitValueUnknown</c>, <c>SplitFractions</c>, <c>TooFewParticipants</c>,
    /// <c>NotSupportedYet</c>, or an error of <see cref="Load"/>.
    /// </exception>
    public static SegSplit Make(BidsDataset dataset, SegConfig config, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(config);
        var images = Usable(dataset, config);
        if (config.SplitDataset.FnameSplit is { Length: > 0 } file)
            return SplitFile.LoadFor(file, dataset, images, warn);
        RequireSupported(config);
        CheckFractions(config.SplitDataset);
        var units = SplitUnits.Of(dataset, images, config.SplitDataset, warn);
        return Draw(units, config.SplitDataset, warn);
    }

    /// <summary>Writes a split as JSON.</summary>
    public static void Save(SegSplit split, string path) => SplitFile.Save(split, path);

    /// <summary>Reads a split that <see cref="Save"/> wrote, or the reference toolbox's lists converted to JSON.</summary>
    /// <exception cref="SegException"><c>SplitFileNotFound</c> or <c>SplitFileInvalid</c>.</exception>
    public static SegSplit Load(string path) => SplitFile.Load(path);

    private static List<BidsImage> Usable(BidsDataset dataset, SegConfig config)
    {
        var images = ImageSelector.OfContrasts(dataset, config, DatasetParts.Training)
            .Union(ImageSelector.OfContrasts(dataset, config, DatasetParts.Testing))
            .Where(image => ImageSelector.HasLabel(image, config)).ToList();
        if (images.Count > 0)
            return images;
        var contrasts = config.LoaderParameters.ContrastParams.TrainingValidation;
        throw new SegException(
            "NoUsableImages", SegErrorKind.InvalidData,
            $"{dataset.Name} has no image of contrast {Words(contrasts, "any")} with a label {Words(config.LoaderParameters.TargetSuffix, "(none is configured)")}.",
            $"The dataset has contrasts {Words(dataset.Contrasts, "none")} and labels {Words(dataset.TargetSuffixes, "none")}: "
            + "set contrast_params and target_suffix accordingly.",
            dataset.Name);
    }

    private static void RequireSupported(SegConfig config)
    {
        var key = config.SplitDataset.Balance is { Length: > 0 } ? "split_dataset.balance"
            : config.LoaderParameters.SubjectSelection.N.Length > 0 ? "loader_parameters.subject_selection" : null;
        if (key is not null)
            throw new SegException("NotSupportedYet", SegErrorKind.NotSupported, $"{key} is not supported yet.", "Remove it from the configuration.", key);
    }

    private static void CheckFractions(SplitConfig split)
    {
        var (train, test) = (split.TrainFraction, split.TestFraction);
        if (!(train > 0 && test >= 0 && train + test <= 1 + Rounding))
        {
            throw new SegException(
                "SplitFractions", SegErrorKind.InvalidArgument,
                FormattableString.Invariant($"split_dataset: train_fraction {train} and test_fraction {test} do not leave room for each other."),
                "train_fraction must be above 0 and both together at most 1; what is left is for validation.", "split_dataset");
        }
    }

    private static SegSplit Draw(SplitUnits units, SplitConfig config, Action<string>? warn)
    {
        var random = new RandomStream(config.RandomSeed);
        var test = units.InGroups(config.DataTesting.DataValue is { Length: > 0 } values
            ? units.KnownGroups(values, warn)
            : DrawGroups(units, config.TestFraction, random));
        var rest = units.All.Where(unit => !test.Contains(unit)).ToArray();
        random.Shuffle<string>(rest);
        var wantsValidation = config.TrainFraction + config.TestFraction < 1 - Rounding;
        var training = wantsValidation
            ? Math.Min(Math.Max(1, Floor(config.TrainFraction * units.All.Count)), rest.Length - 1)
            : rest.Length;
        if (training < 1)
            throw TooFew(units, test.Count, wantsValidation);
        return new SegSplit(
            config.SplitMethod, config.RandomSeed, Sorted(rest.Take(training)), Sorted(rest.Skip(training)), Sorted(test));
    }

    private static HashSet<string> DrawGroups(SplitUnits units, double fraction, RandomStream random)
    {
        if (fraction <= 0)
            return [];
        var groups = units.Groups.ToArray();
        random.Shuffle<string>(groups);
        return groups.Take(Math.Max(1, Floor(fraction * groups.Length))).ToHashSet(StringComparer.Ordinal);
    }

    private static SegException TooFew(SplitUnits units, int test, bool wantsValidation) => new(
        "TooFewParticipants", SegErrorKind.InvalidData,
        $"{units.All.Count} usable value(s) of {units.Method} ({Words(units.All, "none")}) cannot be divided: {test} go to the test set"
        + (wantsValidation ? ", and training and validation need at least one each." : ", and none is left for training."),
        wantsValidation
            ? "Add participants, or set train_fraction + test_fraction = 1 to do without validation, or test_fraction = 0 to do without a test set."
            : "Add participants, or set test_fraction = 0 to do without a test set.",
        "split_dataset");

    private static int Floor(double x) => (int)Math.Floor(x + Rounding);

    private static string[] Sorted(IEnumerable<string> units) => [.. units.Order(StringComparer.Ordinal)];

    private static string Words(IReadOnlyCollection<string> words, string none) => words.Count == 0 ? none : string.Join(", ", words);
}
