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
/// rest, at least one unless the fraction is 0. Validation takes what remains: at least one, unless the two fractions add up to 1,
/// when training takes all. A unit with any image in a test group is in the test set with all its images. With <c>balance</c> the
/// sizes are the same, and each category gets its share of each set, rounded down or up (<see cref="ControlledRounding"/>); where
/// the test set consists of given or coarser groups, these are chosen first and the rest is stratified. The draw depends on the
/// seed and the set of names only, not on the order of files or rows.
/// </remarks>
public static class SplitMaker
{
    /// <summary>Makes the split, or loads it when the configuration names a saved one.</summary>
    /// <param name="warn">Told about images and values that cannot be used.</param>
    /// <param name="location">Folder from which <c>fname_split</c> is looked for; null takes the current one of the process.</param>
    /// <exception cref="SegException">
    /// <c>NoUsableImages</c>, <c>SplitColumnMissing</c>, <c>SplitValueUnknown</c>, <c>SplitFractions</c>, <c>TooFewParticipants</c>,
    /// <c>SubjectSelection</c>, or an error of <see cref="Load"/>.
    /// </exception>
    public static SegSplit Make(BidsDataset dataset, SegConfig config, Action<string>? warn = null, string? location = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(config);
        var images = Usable(dataset, config);
        var split = config.SplitDataset.FnameSplit is { Length: > 0 } file
            ? SplitFile.LoadFor(location is null ? file : Path.GetFullPath(file, location), dataset, images, config.SplitDataset.SplitMethod, warn)
            : Draw(UnitsOf(dataset, images, config, warn), config.SplitDataset, warn);
        WarnOfTorn(dataset, images, [split], warn);
        return split;
    }

    /// <summary>Writes a split as JSON.</summary>
    public static void Save(SegSplit split, string path) => SplitFile.Save(split, path);

    /// <summary>Reads a split that <see cref="Save"/> wrote, or the reference toolbox's lists converted to JSON.</summary>
    /// <exception cref="SegException"><c>SplitFileNotFound</c>, <c>SplitFileIsPickle</c> or <c>SplitFileInvalid</c>.</exception>
    public static SegSplit Load(string path) => SplitFile.Load(path);

    /// <summary>
    /// Units of a dataset's usable images that a split has in none of its sets, in ordinal order: they came later, or were left out
    /// when it was made.
    /// </summary>
    public static IReadOnlyList<string> Unlisted(BidsDataset dataset, SegSplit split, SegConfig config)
    {
        ArgumentNullException.ThrowIfNull(split);
        var columns = new DatasetColumns(dataset);
        var listed = split.Training.Concat(split.Validation).Concat(split.Test).ToHashSet(StringComparer.Ordinal);
        return [.. UsableOrNone(dataset, config).Select(image => columns.Value(image, split.Method)).OfType<string>()
            .Where(unit => !listed.Contains(unit)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>The images that a split is made of.</summary>
    /// <exception cref="SegException"><c>NoUsableImages</c>.</exception>
    internal static IReadOnlyList<BidsImage> Usable(BidsDataset dataset, SegConfig config)
    {
        var images = UsableOrNone(dataset, config);
        if (images.Count > 0)
            return images;
        var loader = config.LoaderParameters;
        string[] needs =
        [
            $"a label {NameList.Of(loader.TargetSuffix, "(none is configured)")}",
            .. loader.Multichannel ? (string[])["all channels of multichannel"] : [],
            .. SourceSelector.NeededRoi(config) is { } roi ? (string[])[$"the region of interest {roi}"] : [],
        ];
        throw new SegException(
            "NoUsableImages", SegErrorKind.InvalidData,
            $"{dataset.Name} has no image of contrast {NameList.Of(loader.ContrastParams.TrainingValidation, "any")} with {string.Join(" and ", needs)}.",
            $"The dataset, as it was imported, has contrasts {NameList.Of(dataset.Contrasts)} and labels {NameList.Of(dataset.TargetSuffixes)}: "
            + "set contrast_params, target_suffix and roi_params accordingly, or import it without filters that leave them out.",
            dataset.Name);
    }

    private static List<BidsImage> UsableOrNone(BidsDataset dataset, SegConfig config) =>
        [.. SourceSelector.Usable(dataset, config).SelectMany(source => source.Channels)];

    /// <summary>Tells about units that have labels and still nothing to train with; what lacks in single images is told when they are loaded.</summary>
    private static void WarnOfIncomplete(BidsDataset dataset, SegConfig config, SplitUnits units, Action<string>? warn)
    {
        if (warn is null || config.LoaderParameters is { Multichannel: false, RoiParams.Suffix: null or "" } || config.LoaderParameters.SubjectSelection.N.Length > 0)
            return;
        var columns = new DatasetColumns(dataset);
        var known = units.All.ToHashSet(StringComparer.Ordinal);
        var incomplete = ImageSelector.OfContrasts(dataset, config, DatasetParts.Training).Where(image => ImageSelector.HasLabel(image, config))
            .Select(image => columns.Value(image, units.Method)).OfType<string>().Where(unit => !known.Contains(unit))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (incomplete.Count > 0)
            warn($"{incomplete.Count} value(s) of {units.Method} have labels, but not all channels or no region of interest, and are left out of the split: {NameList.Of(incomplete)}.");
    }

    /// <summary>Units that are finer than participants, or that change from session to session, can put one person into two sets.</summary>
    /// <param name="splits">One, or those of all folds; whoever is torn in any of them is named.</param>
    internal static void WarnOfTorn(BidsDataset dataset, IReadOnlyList<BidsImage> images, IReadOnlyList<SegSplit> splits, Action<string>? warn)
    {
        var method = splits[0].Method;
        if (warn is null || method == "participant_id")
            return;
        var columns = new DatasetColumns(dataset);
        var unitsOf = images.Select(image => (image.Subject, Unit: columns.Value(image, method))).Where(pair => pair.Unit is not null).Distinct()
            .ToLookup(pair => pair.Subject, pair => pair.Unit!, StringComparer.Ordinal);
        var torn = splits.SelectMany(split => Torn(unitsOf, split)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (torn.Count > 0)
        {
            warn(
                $"{torn.Count} participant(s) have images in more than one set, because the split is made by {method}: {NameList.Of(torn)}. "
                + "Results are better than on people whom the network has never seen; split_method: participant_id keeps everyone in one set.");
        }
    }

    private static IEnumerable<string> Torn(ILookup<string, string> unitsOf, SegSplit split)
    {
        IReadOnlyList<string>[] sets = [split.Training, split.Validation, split.Test];
        var setOf = sets.SelectMany((units, set) => units.Select(unit => (unit, set))).ToDictionary(entry => entry.unit, entry => entry.set, StringComparer.Ordinal);
        return unitsOf.Where(subject => subject.Where(setOf.ContainsKey).Select(unit => setOf[unit]).Distinct().Count() > 1).Select(subject => subject.Key);
    }

    /// <summary>The units of a dataset's usable images, after <c>subject_selection</c>.</summary>
    /// <exception cref="SegException"><c>SplitFractions</c>, <c>SplitColumnMissing</c>, <c>SubjectSelection</c>, <c>TooFewParticipants</c>.</exception>
    internal static SplitUnits UnitsOf(BidsDataset dataset, IReadOnlyList<BidsImage> images, SegConfig config, Action<string>? warn)
    {
        SplitSizes.Check(config.SplitDataset);
        var units = SplitUnits.Of(dataset, SubjectSelection.Of(dataset, images, config), config.SplitDataset, warn);
        WarnOfIncomplete(dataset, config, units, warn);
        return units;
    }

    private static SegSplit Draw(SplitUnits units, SplitConfig config, Action<string>? warn)
    {
        var random = new RandomStream(config.RandomSeed);
        var named = config.DataTesting.DataValue is { Length: > 0 } values ? units.KnownGroups(values, warn) : null;
        if (config.Balance is not { Length: > 0 } balance)
            return DrawPlain(units, config, units.InGroups(named ?? DrawGroups(units, config, random)), random);
        units.WarnOfUncategorised(balance, warn);
        return DrawBalanced(units, config, named is null && units.GroupsAreUnits ? null : units.InGroups(named ?? DrawGroups(units, config, random)), random);
    }

    private static HashSet<string> DrawGroups(SplitUnits units, SplitConfig config, RandomStream random)
    {
        var groups = units.Groups.ToArray();
        random.Shuffle<string>(groups);
        return groups.Take(SplitSizes.TestGroups(config, groups.Length)).ToHashSet(StringComparer.Ordinal);
    }

    private static SegSplit DrawPlain(SplitUnits units, SplitConfig config, HashSet<string> test, RandomStream random)
    {
        var sizes = SplitSizes.Of(config, units.All, test.Count);
        var rest = units.All.Where(unit => !test.Contains(unit)).ToArray();
        random.Shuffle<string>(rest);
        return Split(config, rest.Take(sizes.Training), rest.Skip(sizes.Training), test);
    }

    /// <param name="test">The units of given or drawn groups; null when the test set is to be stratified too.</param>
    private static SegSplit DrawBalanced(SplitUnits units, SplitConfig config, HashSet<string>? test, RandomStream random)
    {
        var sizes = SplitSizes.Of(config, units.All, test?.Count ?? SplitSizes.TestGroups(config, units.All.Count));
        var categories = units.ByCategory(unit => test is null || !test.Contains(unit));
        var shares = ControlledRounding.Of(
            [.. categories.Select(category => category.Count)], [sizes.Training, sizes.Validation, test is null ? sizes.Test : 0], random);
        List<string>[] sets = [[], [], [.. test ?? []]];
        for (var i = 0; i < categories.Count; i++)
        {
            var members = categories[i].ToArray();
            random.Shuffle<string>(members);
            var taken = 0;
            for (var set = 0; set < sets.Length; taken += shares[i, set++])
                sets[set].AddRange(members.AsSpan(taken, shares[i, set]));
        }

        return Split(config, sets[0], sets[1], sets[2]);
    }

    private static SegSplit Split(SplitConfig config, IEnumerable<string> training, IEnumerable<string> validation, IEnumerable<string> test) =>
        new(config.SplitMethod, config.RandomSeed, Sorted(training), Sorted(validation), Sorted(test));

    private static string[] Sorted(IEnumerable<string> units) => [.. units.Order(StringComparer.Ordinal)];
}
