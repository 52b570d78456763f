using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Data.Folds;

/// <summary>
/// Divides a dataset into folds for cross-validation, each of which is the test set of one split. The units are those of
/// <see cref="SplitMaker"/>: one value of <c>split_method</c> is never torn apart.
/// </summary>
/// <remarks>
/// Every unit is in exactly one fold, but for those of <c>data_testing.data_value</c>, which are in the test set of every split. Where
/// <c>data_type</c> is another column than <c>split_method</c> and no values are given, its groups are kept whole: a fold consists of
/// units that share no group with another fold. Folds are as equal as that allows: the largest block goes first, each to the fold with
/// fewest units so far, so that folds of single units differ by at most one. With <c>balance</c>, single units are stratified
/// (<see cref="ControlledRounding"/>). <c>test_fraction</c> has no part in it; what the folds leave is divided as <c>train_fraction</c> and the remainder
/// for validation are to each other. The draw depends on <c>random_seed</c>, the number of folds and the set of names only.
/// </remarks>
public static class FoldMaker
{
    /// <summary>More folds than anybody would train.</summary>
    public const int MostFolds = 1000;

    private const long OfFolds = -1, OfRest = -2;

    /// <summary>One split per fold, in the order of the folds.</summary>
    /// <param name="folds">2 to <see cref="MostFolds"/>; as many as there are units leaves one out each time.</param>
    /// <param name="warn">Told about images and values that cannot be used.</param>
    /// <exception cref="SegException">
    /// <c>FoldCount</c>, <c>FoldWithSplitFile</c>, <c>TooFewParticipants</c>, or an error of <see cref="SplitMaker.Make"/>.
    /// </exception>
    public static IReadOnlyList<SegSplit> Make(BidsDataset dataset, SegConfig config, int folds, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(config);
        Check(config.SplitDataset, folds);
        var images = SplitMaker.Usable(dataset, config);
        var units = SplitMaker.UnitsOf(dataset, images, config, warn);
        if (config.SplitDataset.Balance is { Length: > 0 } balance)
            units.WarnOfUncategorised(balance, warn);
        var kept = config.SplitDataset.DataTesting.DataValue is { Length: > 0 } values ? units.InGroups(units.KnownGroups(values, warn)) : [];
        var parts = Draw(units, config.SplitDataset, folds, kept);
        SegSplit[] splits = [.. Enumerable.Range(0, folds).Select(fold => SplitOf(units, config.SplitDataset, [.. parts[fold]], kept, fold))];
        SplitMaker.WarnOfTorn(dataset, images, splits, warn);
        return splits;
    }

    private static void Check(SplitConfig config, int folds)
    {
        if (folds is < 2 or > MostFolds)
        {
            throw new SegException(
                "FoldCount", SegErrorKind.InvalidArgument, $"{folds} folds cannot be made.", $"Choose 2 to {MostFolds}; 5 and 10 are usual.", "Fold");
        }

        if (config.FnameSplit is { Length: > 0 } file)
        {
            throw new SegException(
                "FoldWithSplitFile", SegErrorKind.InvalidArgument, $"split_dataset.fname_split names one split ('{file}'), and cross-validation makes one per fold.",
                "Remove fname_split, or train without -Fold.", "split_dataset.fname_split");
        }
    }

    /// <param name="kept">Units that are tested in every split.</param>
    private static List<string>[] Draw(SplitUnits units, SplitConfig config, int folds, HashSet<string> kept)
    {
        var random = new RandomStream(config.RandomSeed, OfFolds, folds);
        var single = units.GroupsAreUnits || config.DataTesting.DataValue.Length > 0;
        var blocks = single
            ? [.. units.All.Where(unit => !kept.Contains(unit)).Select(unit => new[] { unit })]
            : units.Blocks(unit => !kept.Contains(unit)).ToArray();
        if (blocks.Length < folds)
            throw TooFew(config, folds, blocks.Length, single);
        return single && config.Balance is { Length: > 0 }
            ? Stratified(units.ByCategory(unit => !kept.Contains(unit)), blocks.Length, folds, random)
            : Even(blocks, folds, random);
    }

    private static List<string>[] Even(IReadOnlyList<string>[] blocks, int folds, RandomStream random)
    {
        random.Shuffle<IReadOnlyList<string>>(blocks);
        List<string>[] parts = [.. Enumerable.Range(0, folds).Select(_ => new List<string>())];
        var smallest = new PriorityQueue<int, (int Units, int Fold)>(Enumerable.Range(0, folds).Select(fold => (fold, (0, fold))));
        foreach (var block in blocks.OrderByDescending(block => block.Count))
        {
            var fold = smallest.Dequeue();
            parts[fold].AddRange(block);
            smallest.Enqueue(fold, (parts[fold].Count, fold));
        }

        return parts;
    }

    private static List<string>[] Stratified(IReadOnlyList<IReadOnlyList<string>> categories, int units, int folds, RandomStream random)
    {
        int[] sizes = [.. Enumerable.Range(0, folds).Select(fold => (units / folds) + (fold < units % folds ? 1 : 0))];
        return Deal(categories, sizes, random);
    }

    /// <summary>Deals the shuffled members of every category to sets of given sizes, each set getting its share of each category.</summary>
    private static List<string>[] Deal(IReadOnlyList<IReadOnlyList<string>> categories, int[] sizes, RandomStream random)
    {
        var shares = ControlledRounding.Of([.. categories.Select(category => category.Count)], sizes, random);
        List<string>[] sets = [.. sizes.Select(size => new List<string>(size))];
        for (var i = 0; i < categories.Count; i++)
        {
            var members = categories[i].ToArray();
            random.Shuffle<string>(members);
            for (int set = 0, taken = 0; set < sets.Length; taken += shares[i, set++])
                sets[set].AddRange(members.AsSpan(taken, shares[i, set]));
        }

        return sets;
    }

    private static SegSplit SplitOf(SplitUnits units, SplitConfig config, HashSet<string> fold, HashSet<string> kept, int number)
    {
        bool InRest(string unit) => !fold.Contains(unit) && !kept.Contains(unit);
        var rest = units.All.Count(InRest);
        var training = SplitSizes.TrainingOfFold(config, rest);
        IReadOnlyList<IReadOnlyList<string>> categories = config.Balance is { Length: > 0 } ? units.ByCategory(InRest) : [[.. units.All.Where(InRest)]];
        var sets = Deal(categories, [training, rest - training], new RandomStream(config.RandomSeed, OfRest, number));
        return new SegSplit(config.SplitMethod, config.RandomSeed, Sorted(sets[0]), Sorted(sets[1]), Sorted(fold.Union(kept)));
    }

    private static string[] Sorted(IEnumerable<string> units) => [.. units.Order(StringComparer.Ordinal)];

    private static SegException TooFew(SplitConfig config, int folds, int blocks, bool single) => new(
        "TooFewParticipants", SegErrorKind.InvalidData,
        single
            ? $"{folds} folds need as many values of {config.SplitMethod}, and there are {blocks} to divide."
            : $"{folds} folds need as many groups of {config.DataTesting.DataType} that share no {config.SplitMethod}, and there are {blocks}.",
        "Make fewer folds, or add participants.", "Fold");
}
