namespace MedSeg.Engine.Data;

/// <summary>The units of a split (values of <c>split_method</c>) and the test groups (values of <c>data_type</c>) they touch.</summary>
internal sealed class SplitUnits
{
    private readonly SortedDictionary<string, SortedSet<string>> _groupsOfUnit = new(StringComparer.Ordinal);
    private readonly string _groupColumn;

    private SplitUnits(string method, string groupColumn) => (Method, _groupColumn) = (method, groupColumn);

    /// <summary>The column that makes the units.</summary>
    public string Method { get; }

    /// <summary>All units in ordinal order.</summary>
    public IReadOnlyCollection<string> All => _groupsOfUnit.Keys;

    /// <summary>All test groups in ordinal order.</summary>
    public IReadOnlyList<string> Groups => [.. _groupsOfUnit.Values.SelectMany(groups => groups).Distinct().Order(StringComparer.Ordinal)];

    public static SplitUnits Of(BidsDataset dataset, IReadOnlyList<BidsImage> images, SplitConfig config, Action<string>? warn)
    {
        var columns = new DatasetColumns(dataset);
        var units = new SplitUnits(config.SplitMethod, config.DataTesting.DataType ?? config.SplitMethod);
        foreach (var image in images)
        {
            if (columns.Value(image, units.Method) is not { } unit)
            {
                warn?.Invoke($"{image.RelativePath} has no {units.Method} and is left out of the split.");
                continue;
            }

            if (!units._groupsOfUnit.TryGetValue(unit, out var groups))
                units._groupsOfUnit[unit] = groups = new SortedSet<string>(StringComparer.Ordinal);
            if (columns.Value(image, units._groupColumn) is { } group)
                groups.Add(group);
        }

        if (units.All.Count == 0)
            throw Missing("split_dataset.split_method", units.Method);
        return units.Groups.Count > 0 ? units : throw Missing("split_dataset.data_testing.data_type", units._groupColumn);
    }

    /// <summary>Units with an image in any of the groups.</summary>
    public HashSet<string> InGroups(IReadOnlySet<string> groups) =>
        _groupsOfUnit.Where(pair => pair.Value.Overlaps(groups)).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>The configured test values that exist; ids may be given without their sub- or sample- prefix.</summary>
    public HashSet<string> KnownGroups(IReadOnlyList<string> values, Action<string>? warn)
    {
        var groups = Groups;
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            var found = groups.FirstOrDefault(g => g == value)
                ?? groups.FirstOrDefault(g => g == $"sub-{value}" || g == $"sample-{value}" || g == $"ses-{value}");
            if (found is null)
                warn?.Invoke($"split_dataset.data_testing.data_value: no usable image has {_groupColumn} = '{value}'.");
            else
                known.Add(found);
        }

        return known.Count > 0
            ? known
            : throw new SegException(
                "SplitValueUnknown", SegErrorKind.InvalidArgument,
                $"split_dataset.data_testing.data_value: no usable image has {_groupColumn} in {string.Join(", ", values)}.",
                $"Choose among {string.Join(", ", groups)}.", "split_dataset.data_testing.data_value");
    }

    private static SegException Missing(string key, string column) => new(
        "SplitColumnMissing", SegErrorKind.InvalidArgument, $"{key}: no usable image has a value of '{column}'.",
        "Name a column of participants.tsv or samples.tsv, a key of the JSON sidecars, participant_id, sample_id or session_id.", key);
}
