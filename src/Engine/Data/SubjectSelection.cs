using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Data;

/// <summary>
/// <c>subject_selection</c>: of the participants with an image that has a value in a column, a number is drawn with the seed of the
/// split; the others are in no set. A participant counts for one rule only.
/// </summary>
/// <remarks>
/// Each rule takes the first of a shuffled list of its participants. Where two rules want the same ones, a rule that finds nobody
/// left gets one from another rule that has a choice (augmenting paths, Kuhn 1955): the rules fail only when no choice at all could
/// satisfy them.
/// </remarks>
internal sealed class SubjectSelection
{
    private const string Key = "loader_parameters.subject_selection";

    private readonly string[][] _pools;
    private readonly int[] _next;
    private readonly Dictionary<string, int> _ruleOf = new(StringComparer.Ordinal);

    private SubjectSelection(string[][] pools) => (_pools, _next) = (pools, new int[pools.Length]);

    /// <summary>The images of the drawn participants; all images without rules.</summary>
    /// <exception cref="SegException"><c>SubjectSelection</c>: lists of unequal lengths, or <c>TooFewParticipants</c>.</exception>
    public static IReadOnlyList<BidsImage> Of(BidsDataset dataset, IReadOnlyList<BidsImage> images, SegConfig config)
    {
        var rules = config.LoaderParameters.SubjectSelection;
        if (rules.N.Length != rules.Metadata.Length || rules.N.Length != rules.Value.Length)
        {
            throw new SegException(
                "SubjectSelection", SegErrorKind.InvalidArgument,
                FormattableString.Invariant($"{Key}: n, metadata and value have {rules.N.Length}, {rules.Metadata.Length} and {rules.Value.Length} elements; they must have equally many."),
                "Give one element of each for every rule.", Key);
        }

        if (rules.N.Length == 0)
            return images;
        var drawn = Draw(Pools(dataset, images, rules, config.SplitDataset.RandomSeed), rules);
        return [.. images.Where(image => drawn.Contains(image.Subject))];
    }

    private static string[][] Pools(BidsDataset dataset, IReadOnlyList<BidsImage> images, SubjectSelectionConfig rules, int seed)
    {
        var columns = new DatasetColumns(dataset);
        var pools = new string[rules.N.Length][];
        for (var rule = 0; rule < pools.Length; rule++)
        {
            var (column, value) = (rules.Metadata[rule], rules.Value[rule]);
            pools[rule] = [.. images.Where(image => string.Equals(columns.Value(image, column), value, StringComparison.Ordinal))
                .Select(image => image.Subject).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            new RandomStream(seed, rule + 1).Shuffle<string>(pools[rule]);
        }

        return pools;
    }

    private static HashSet<string> Draw(string[][] pools, SubjectSelectionConfig rules)
    {
        var selection = new SubjectSelection(pools);
        for (var rule = 0; rule < pools.Length; rule++)
        {
            for (var k = 0; k < rules.N[rule]; k++)
            {
                if (!selection.TryAdd(rule, []))
                    throw selection.TooFew(rules, rule);
            }
        }

        return selection._ruleOf.Keys.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Gives a rule one participant more.</summary>
    private bool TryAdd(int rule, HashSet<int> tried)
    {
        tried.Add(rule);
        var pool = _pools[rule];
        for (; _next[rule] < pool.Length; _next[rule]++)
        {
            if (_ruleOf.TryAdd(pool[_next[rule]], rule))
                return true;
        }

        foreach (var participant in pool)
        {
            if (!tried.Contains(_ruleOf[participant]) && TryAdd(_ruleOf[participant], tried))
            {
                _ruleOf[participant] = rule;
                return true;
            }
        }

        return false;
    }

    private SegException TooFew(SubjectSelectionConfig rules, int rule)
    {
        var pool = _pools[rule];
        var elsewhere = pool.Count(participant => _ruleOf[participant] != rule);
        return new SegException(
            "TooFewParticipants", SegErrorKind.InvalidData,
            FormattableString.Invariant($"{Key}: rule {rule + 1} wants {rules.N[rule]} participants with {rules.Metadata[rule]} = '{rules.Value[rule]}', ")
            + FormattableString.Invariant($"but {pool.Length} have it and a usable image")
            + (elsewhere > 0 ? FormattableString.Invariant($", {elsewhere} of whom other rules need.") : "."),
            "Lower n, or check the column and the spelling of the value.", Key);
    }
}
