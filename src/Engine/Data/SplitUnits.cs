namespace MedSeg.Engine.Data;

/// <summary>
/// The units of a split (values of <c>split_method</c>), the test groups (values of <c>data_type</c>) they touch and the category
/// (value of <c>balance</c>) they belong to.
/// </summary>
internal sealed class SplitUnits
{
    private readonly SortedDictionary<string, Unit> _units = new(StringComparer.Ordinal);
    private readonly string _groupColumn;

    private SplitUnits(string method, string groupColumn) => (Method, _groupColumn) = (method, groupColumn);

    /// <summary>The column that makes the units.</summary>
    public string Method { get; }

    /// <summary>Every unit is a test group of its own.</summary>
    public bool GroupsAreUnits => _groupColumn == Method;

    /// <summary>All units in ordinal order.</summary>
    public IReadOnlyCollection<string> All => _units.Keys;

    /// <summary>All test groups in ordinal order.</summary>
    public IReadOnlyList<string> Groups => [.. _units.Values.SelectMany(unit => unit.Groups).Distinct().Order(StringComparer.Ordinal)];

    public static SplitUnits Of(BidsDataset dataset, IReadOnlyList<BidsImage> images, SplitConfig config, Action<string>? warn)
    {
        var columns = new DatasetColumns(dataset);
        var units = new SplitUnits(config.SplitMethod, config.DataTesting.DataType ?? config.SplitMethod);
        var without = new List<string>();
        foreach (var image in images)
        {
            if (columns.Value(image, units.Method) is { } unit)
                units.Add(unit, columns.Value(image, units._groupColumn), config.Balance is { Length: > 0 } balance ? columns.Value(image, balance) : null);
            else
                without.Add(image.RelativePath);
        }

        if (units.All.Count == 0)
            throw Missing("split_dataset.split_method", units.Method);
        if (without.Count > 0)
            warn?.Invoke($"{without.Count} image(s) have no {units.Method} and are left out of the split: {NameList.Of(without)}.");
        return units.Groups.Count > 0 ? units : throw Missing("split_dataset.data_testing.data_type", units._groupColumn);
    }

    /// <summary>Units with an image in any of the groups.</summary>
    public HashSet<string> InGroups(IReadOnlySet<string> groups) =>
        _units.Where(pair => pair.Value.Groups.Overlaps(groups)).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>
    /// Units that share a test group, directly or through other units, in one block each: the smallest parts of which some can be kept
    /// out so that no group is on both sides. Blocks and their units are in ordinal order.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Blocks(Predicate<string> wanted)
    {
        var names = _units.Keys.Where(unit => wanted(unit)).ToArray();
        var parent = Enumerable.Range(0, names.Length).ToArray();
        var firstOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            foreach (var group in _units[names[i]].Groups)
            {
                if (!firstOf.TryAdd(group, i))
                    Join(parent, firstOf[group], i);
            }
        }

        return [.. Enumerable.Range(0, names.Length).GroupBy(i => RootOf(parent, i), i => names[i]).Select(block => block.ToArray())];
    }

    /// <summary>
    /// The units by category, both in ordinal order. A unit whose images have several values is of the category that consists of
    /// these values; one without any is of the category <c>n/a</c>.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> ByCategory(Predicate<string> wanted) =>
    [
        .. _units.Where(pair => wanted(pair.Key))
            .GroupBy(pair => pair.Value.Categories.Count == 0 ? "n/a" : string.Join(" + ", pair.Value.Categories), pair => pair.Key)
            .OrderBy(category => category.Key, StringComparer.Ordinal)
            .Select(category => category.ToArray()),
    ];

    /// <summary>Tells about units without a category.</summary>
    public void WarnOfUncategorised(string balance, Action<string>? warn)
    {
        var without = _units.Where(pair => pair.Value.Categories.Count == 0).Select(pair => pair.Key).ToList();
        if (without.Count == _units.Count)
            warn?.Invoke($"split_dataset.balance: no usable image has a value of '{balance}', so that it has no effect.");
        else if (without.Count > 0)
            warn?.Invoke($"split_dataset.balance: {without.Count} of {_units.Count} have no {balance} and count as a category of their own: {NameList.Of(without)}.");
    }

    /// <summary>The configured test values that exist; ids may be given without their sub- or sample- prefix.</summary>
    public HashSet<string> KnownGroups(IReadOnlyList<string> values, Action<string>? warn)
    {
        var groups = Groups.ToHashSet(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            string[] names = [value, $"sub-{value}", $"sample-{value}", $"ses-{value}"];
            if (names.FirstOrDefault(groups.Contains) is { } found)
                known.Add(found);
            else
                warn?.Invoke($"split_dataset.data_testing.data_value: no usable image has {_groupColumn} = '{value}'.");
        }

        return known.Count > 0
            ? known
            : throw new SegException(
                "SplitValueUnknown", SegErrorKind.InvalidArgument,
                $"split_dataset.data_testing.data_value: no usable image has {_groupColumn} in {string.Join(", ", values)}.",
                $"Choose among {NameList.Of(Groups)}.", "split_dataset.data_testing.data_value");
    }

    private static void Join(int[] parent, int a, int b)
    {
        var (root, other) = (RootOf(parent, a), RootOf(parent, b));
        parent[Math.Max(root, other)] = Math.Min(root, other);
    }

    private static int RootOf(int[] parent, int i)
    {
        while (parent[i] != i)
            i = parent[i] = parent[parent[i]];
        return i;
    }

    private void Add(string name, string? group, string? category)
    {
        if (!_units.TryGetValue(name, out var unit))
            _units[name] = unit = new Unit(new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        if (group is not null)
            unit.Groups.Add(group);
        if (category is not null)
            unit.Categories.Add(category);
    }

    private static SegException Missing(string key, string column) => new(
        "SplitColumnMissing", SegErrorKind.InvalidArgument, $"{key}: no usable image has a value of '{column}'.",
        "Name a column of participants.tsv or samples.tsv, a key of the JSON sidecars, participant_id, sample_id or session_id.", key);

    private sealed record Unit(SortedSet<string> Groups, SortedSet<string> Categories);
}
